import type { Body, Client } from './client.ts';
import type { Terminal } from './terminal.ts';

const POLL_MS = 1_000;

/** The answer of a call that may take longer than a call may: waits for its run. @throws CliError */
export async function settled(
  client: Client,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  { sleep }: Pick<Terminal, 'sleep'>,
): Promise<Body> {
  let answer = await client.call('GET', path, { query });
  while (answer.status === 202) {
    await sleep(POLL_MS);
    answer = await client.call('GET', answer.body.run.location);
  }
  return answer.body;
}
