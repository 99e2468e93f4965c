import { CliError } from './cli-error.ts';
import { type Body, type Client, toError } from './client.ts';
import { changesText } from './history.ts';

/**
 * Changes an entity only where nobody else changes it at the same time: it is read first, and the change then names the
 * version that was read, or the revision the person saw.
 * @param revision what the person saw, from the history @default the version of this moment
 * @throws CliError that says who changed what in between
 */
export async function guardedUpdate(client: Client, path: string, body: unknown, revision?: string): Promise<Body> {
  const read = await client.call('GET', path);
  const seen = revision === undefined ? (read.headers.get('etag') ?? '*') : `"${revision}"`;
  const answer = await client.ask('PATCH', path, { body, headers: { 'if-match': seen } });
  if (answer.status === 412) throw await changedInBetween(client, path, seen);
  if (answer.status >= 400) throw toError(answer);
  return answer.body;
}

async function changedInBetween(client: Client, path: string, seen: string): Promise<CliError> {
  const { body } = await client.ask('GET', `${path}/history`, { query: { limit: '10' } });
  const since = (body?.history ?? []).filter((entry: Body) => entry.revision > Number(seen.replaceAll('"', '')));
  const lines = since.map((entry: Body) => `${entry.at} ${entry.token_name} ${entry.action} ${changesText(entry)}`);
  return new CliError('it was changed in between, so nothing was written: look at it and repeat your change', lines);
}
