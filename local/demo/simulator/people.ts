import { PHONES } from './agents.ts';
import { Random } from './random.ts';

/** Somebody who joins the sender's list. */
export interface Person {
  /** From 0. */
  readonly index: number;
  /** The sender's id. */
  readonly id: string;
  readonly email: string;
  /** E.164. */
  readonly phone: string;
  /** Day on which the person joins, from 0. */
  readonly day: number;
  /** User agent of the phone's browser. */
  readonly agent: string;
}

/** Everybody who joins a list, whose name is in their ids, within so many days: the same for the same seed. */
export function peopleOf(seed: string, list: string, count: number, days: number): readonly Person[] {
  return Array.from({ length: count }, (_, index) => {
    const random = new Random(`${seed}/person/${index}`);
    return {
      index,
      id: `${list}-${String(index + 1).padStart(5, '0')}`,
      email: `${list}${index + 1}@mail.example`,
      phone: `+1415${2_000_000 + index}`,
      day: Math.floor((index * days) / count),
      agent: random.pick(PHONES),
    };
  });
}
