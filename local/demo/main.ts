import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { DataFolderError } from '../data-folder.ts';
import { FolderInUseError } from '../lock.ts';
import { readSettings, SettingsError } from '../settings.ts';
import { PortTakenError, type System, startSystem } from '../system.ts';
import { PlayedBeforeError } from './play/welcome-setup.ts';
import { describeAffiliate } from './print/affiliate.ts';
import { lookAround } from './print/hint.ts';
import { describeWelcome } from './print/welcome.ts';
import { ASKED_AFTER_DAYS, playAffiliate, playWelcome, type ScenarioOptions, seedKeys } from './scenarios.ts';
import { DAY } from './simulator/time.ts';

const USAGE = `npm run demo [-- affiliate] [-- --people 2000] [-- --seed demo]
  without a word: two weeks of a welcome journey; affiliate: a campaign over two networks`;

const SCENARIOS = {
  welcome: async (system: System, options: ScenarioOptions) => describeWelcome(await playWelcome(system, options)),
  affiliate: async (system: System, options: ScenarioOptions) =>
    describeAffiliate(await playAffiliate(system, options)),
} as const;

class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What was asked for on the command line. @throws UsageError */
function readArguments(): { scenario: keyof typeof SCENARIOS; people: number; seed: string } {
  const { values, positionals } = parsed();
  const [scenario = 'welcome', ...more] = positionals;
  const people = Number(values.people ?? (scenario === 'welcome' ? 2_000 : 600));
  if (more.length > 0 || !Object.hasOwn(SCENARIOS, scenario)) throw new UsageError(USAGE);
  if (!Number.isInteger(people) || people < 10 || people > 20_000)
    throw new UsageError(`--people must be a number from 10 to 20000\n${USAGE}`);
  return { scenario: scenario as keyof typeof SCENARIOS, people, seed: values.seed ?? 'demo' };
}

function parsed() {
  try {
    return parseArgs({ allowPositionals: true, options: { people: { type: 'string' }, seed: { type: 'string' } } });
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : error}\n${USAGE}`);
  }
}

/** `npm run demo`: a play through the real endpoints, then what the reports say, beside the truth. */
async function main(): Promise<void> {
  const { scenario, people, seed } = readArguments();
  const { ONEHOP_PORT: port, ONEHOP_API_PORT: apiPort } = readSettings(process.env);
  const dataDir = process.env.ONEHOP_DATA || mkdtempSync(join(tmpdir(), 'onehop-demo-'));
  seedKeys(dataDir, seed);
  const system = await startSystem({ dataDir, port, apiPort, flushMs: 60_000 });
  try {
    const start = Math.floor(Date.now() / DAY) * DAY - ASKED_AFTER_DAYS * DAY;
    const from = new Date(start).toISOString().slice(0, 10);
    process.stdout.write(`\nThe demo plays from ${from} on, over ${system.apiOrigin} and ${system.shortOrigin}\n`);
    const onDay = (day: number) => process.stdout.write(`  day ${day} is over\n`);
    const text = await SCENARIOS[scenario](system, { seed, people, start, onDay });
    process.stdout.write(`\n${text}\n\n${lookAround(system, from)}`);
  } finally {
    await system.close();
  }
}

try {
  await main();
} catch (error) {
  const isExpected = [DataFolderError, FolderInUseError, PlayedBeforeError, PortTakenError, SettingsError, UsageError];
  if (!isExpected.some((kind) => error instanceof kind) || !(error instanceof Error)) throw error;
  process.stderr.write(`onehop: ${error.message}\n`);
  process.exitCode = 1;
}
