import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { openDataFolder, writePrivate } from '../data-folder.ts';
import type { System } from '../system.ts';
import { AffiliatePlay } from './play/affiliate.ts';
import { setUpAffiliate } from './play/affiliate-setup.ts';
import type { Answer } from './play/client.ts';
import { type Measured, measureAffiliate, measureWelcome } from './play/measure.ts';
import { mendSources, quarantined, replayAll } from './play/quarantine.ts';
import { openStage } from './play/stage.ts';
import { type Played, WelcomePlay } from './play/welcome.ts';
import { setUpWelcome, WINDOW_DAYS } from './play/welcome-setup.ts';
import { AFFILIATE_DAYS, MENDED_AT, visitsOf } from './simulator/affiliate.ts';
import { type AffiliateTruth, affiliateTruthOf } from './simulator/affiliate-truth.ts';
import type { Journey } from './simulator/journey.ts';
import { peopleOf } from './simulator/people.ts';
import { DAY, MINUTE } from './simulator/time.ts';
import { type Truth, truthOf } from './simulator/truth.ts';
import { PLAYED_DAYS, worldOf } from './simulator/world.ts';

export interface ScenarioOptions {
  /** The same seed, number of people and start play the same events. */
  readonly seed: string;
  readonly people: number;
  /** Midnight with which the play begins, epoch milliseconds. */
  readonly start: number;
  /** Hears of each day that is over. */
  readonly onDay: (day: number) => void;
}

export interface WelcomeOutcome {
  readonly journeys: readonly Journey[];
  readonly played: Played;
  readonly truth: Truth;
  readonly measured: Measured;
}

export interface AffiliateOutcome {
  readonly truth: AffiliateTruth;
  /** Report performance by offer, on the clock of the click. */
  readonly performance: readonly Answer[];
  /** Report clicks of people, by offer served and outcome. */
  readonly outcomes: readonly Answer[];
  /** Messages in quarantine by reason, before the sources were mended and at the end. */
  readonly before: ReadonlyMap<string, number>;
  readonly after: ReadonlyMap<string, number>;
}

/** Days from the start of a play to the time at which its reports are asked: every window has closed, for attribution and lift. */
export const ASKED_AFTER_DAYS = 28;

/**
 * Gives a new folder the keys of a seed, so that the system, too, draws the same arms. Whoever knows the seed knows these keys: they are
 * for plays only. Keys that are there stay.
 */
export function seedKeys(dataDir: string, seed: string): void {
  const { keysFile } = openDataFolder(dataDir);
  if (existsSync(keysFile)) return;
  const key = (use: string) => ({ key_1: createHash('sha384').update(`${use}/${seed}`).digest('base64url') });
  writePrivate(keysFile, `${JSON.stringify({ edge: key('edge'), home: key('home') }, null, 2)}\n`);
}

/** Two weeks of the welcome journey. @throws PlayedBeforeError */
export async function playWelcome(system: System, options: ScenarioOptions): Promise<WelcomeOutcome> {
  const { seed, people, start, onDay } = options;
  const stage = openStage(system, start, onDay);
  try {
    const play = new WelcomePlay(stage, await setUpWelcome(stage.client, start));
    const journeys = worldOf(seed, people, start);
    play.schedule(journeys);
    await stage.playUntil(start + PLAYED_DAYS * DAY);
    stage.waitUntil(start + ASKED_AFTER_DAYS * DAY);
    const { played } = play;
    const measured = await measureWelcome(stage.client, start, PLAYED_DAYS);
    return { journeys, played, truth: truthOf(journeys, played.arms, WINDOW_DAYS), measured };
  } finally {
    stage.close();
  }
}

/** An affiliate campaign over two networks. @throws PlayedBeforeError */
export async function playAffiliate(system: System, options: ScenarioOptions): Promise<AffiliateOutcome> {
  const { seed, people, start, onDay } = options;
  const stage = openStage(system, start, onDay);
  const { client } = stage;
  try {
    const play = new AffiliatePlay(stage, await setUpAffiliate(client));
    const everybody = peopleOf(seed, 'deal', people, 1);
    const visits = visitsOf(seed, everybody, start);
    play.schedule(everybody, visits, start);
    await stage.playUntil(start + MENDED_AT);
    const before = await quarantined(client);
    await mendSources(client);
    // A changed source is obeyed within ten seconds.
    await stage.playUntil(start + MENDED_AT + MINUTE);
    await replayAll(client);
    await stage.playUntil(start + AFFILIATE_DAYS * DAY);
    stage.waitUntil(start + ASKED_AFTER_DAYS * DAY);
    const reports = await measureAffiliate(client, start, AFFILIATE_DAYS);
    return { ...reports, truth: affiliateTruthOf(visits, start), before, after: await quarantined(client) };
  } finally {
    stage.close();
  }
}
