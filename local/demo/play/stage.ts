import type { System } from '../../system.ts';
import { DAY } from '../simulator/time.ts';
import { Agenda } from './agenda.ts';
import { Client } from './client.ts';

/** Where a scenario is played: a local system whose clock follows the play. */
export interface Stage {
  readonly client: Client;
  readonly agenda: Agenda;
  /** Host of the short domain, with its port. */
  readonly shortHost: string;
  /** Lets play and clock go on to a time: what is due happens, and each day ends in the lake. */
  playUntil(end: number): Promise<void>;
  /** Lets time pass in which nothing happens. */
  waitUntil(end: number): void;
  close(): void;
}

/** Sets the clock to the beginning of a play. `tell` hears of each day that is over. */
export function openStage(system: System, start: number, tell: (day: number) => void): Stage {
  const client = new Client(system);
  const agenda = new Agenda();
  const setClock = (now: number) => void system.clock.set({ now });
  let now = start;
  setClock(start);
  return {
    client,
    agenda,
    shortHost: new URL(system.shortOrigin).host,
    playUntil: async (end) => {
      while (now < end) {
        const days = Math.floor((now - start) / DAY) + 1;
        now = Math.min(start + days * DAY, end);
        await agenda.runUntil(now, setClock);
        // What arrived on a day is worked on that day, as it would be.
        await system.flush();
        setClock(now);
        if (now === start + days * DAY) tell(days);
      }
    },
    waitUntil: (end) => {
      now = end;
      setClock(end);
    },
    close: () => client.close(),
  };
}
