import process from 'node:process';
import { DataFolderError } from './data-folder.ts';
import { EXAMPLE_SLUG, ensureExampleLink } from './example-link.ts';
import { FolderInUseError } from './lock.ts';
import { readSettings, SettingsError } from './settings.ts';
import { shellSettings } from './shell-settings.ts';
import { PortTakenError, type System, startSystem } from './system.ts';

const HELP = `npm start

Runs the whole of Onehop on this machine until Ctrl-C; it takes no arguments. Settings are variables of the environment:
  ONEHOP_PORT      port of the short domains (8080)
  ONEHOP_API_PORT  port of the API (8787)
  ONEHOP_DATA      folder of everything that is kept (.onehop)
`;

/** `npm start`: the whole system on this machine. */
async function main(): Promise<void> {
  const { ONEHOP_PORT: port, ONEHOP_API_PORT: apiPort, ONEHOP_DATA: dataDir } = readSettings(process.env);
  const system = await startSystem({ dataDir, port, apiPort });
  endOnSignal(system);
  await ensureExampleLink(system);
  process.stdout.write(welcome(system));
  const { shortOrigin: short, apiOrigin: api, token } = system;
  process.stdout.write(`${JSON.stringify({ ready: true, short, api, token })}\n`);
}

function welcome(system: System): string {
  const { shortOrigin, apiOrigin, lakeDir, token, dataDir } = system;
  const onehop = `${shellSettings(system, 'ONEHOP_API_PORT', 'ONEHOP_DATA')}npx onehop`;
  return `
Onehop runs on this machine.

  Tap the example link    ${shortOrigin}/${EXAMPLE_SLUG}
                          curl -i ${shortOrigin}/${EXAMPLE_SLUG}
  Make another            curl ${apiOrigin}/v1/links -H 'authorization: Bearer ${token}' \\
                            -H 'content-type: application/json' -d '{"slug":"spring","destination":"https://example.com/"}'
  See the clicks          ${onehop} report clicks --by link,actor   (curl counts as a bot)
  Rows go to              ${lakeDir}/clicks/dt=…/*.parquet, within seconds
  Everything is kept in   ${dataDir} (the token too); Ctrl-C ends it and loses nothing

`;
}

/** The first signal ends the system in order; a terminal and npm may both send one, so more of them change nothing. */
function endOnSignal(system: System): void {
  let isEnding = false;
  const end = () => {
    if (isEnding) return;
    isEnding = true;
    process.stderr.write('onehop: delivering what is buffered …\n');
    system.close().then(
      () => process.exit(0),
      (error: unknown) => fail(String(error)),
    );
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, end);
}

function fail(message: string): void {
  process.stderr.write(`onehop: ${message}\n`);
  process.exit(1);
}

try {
  const [argument] = process.argv.slice(2);
  if (argument === '--help' || argument === '-h') process.stdout.write(HELP);
  else if (argument !== undefined) fail(`npm start takes no ${argument}: see npm start -- --help`);
  else await main();
} catch (error) {
  const isExpected = [DataFolderError, FolderInUseError, PortTakenError, SettingsError].some(
    (kind) => error instanceof kind,
  );
  if (!isExpected || !(error instanceof Error)) throw error;
  fail(error.message);
}
