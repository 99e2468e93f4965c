import { type Journey, journeyOf } from './journey.ts';
import { peopleOf } from './people.ts';

/** Days on which people join, and days until the last of their orders, refunds and repeats has been told. */
export const JOINING_DAYS = 6;
export const PLAYED_DAYS = 15;

/** Everybody with what they do in either world: the same for the same seed, number of people and start. */
export function worldOf(seed: string, people: number, start: number): readonly Journey[] {
  return peopleOf(seed, 'new', people, JOINING_DAYS).map((person) => journeyOf(seed, person, start));
}
