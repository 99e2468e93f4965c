import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sourceStore } from '../../lambdas/api/source-routes.ts';
import { startApi } from '../support/api.ts';
import { fetchOf, runCli } from '../support/terminal.ts';

let api: Awaited<ReturnType<typeof startApi>>;
const folder = mkdtempSync(join(tmpdir(), 'onehop-source-'));

beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

const onehop = (args: readonly string[], stdin = '') =>
  runCli(args, {
    stdin,
    fetch: fetchOf(api.call),
    env: { ONEHOP_API: 'http://api', ONEHOP_TOKEN: api.token },
  });
const secretOf = async (id: string) => (await sourceStore(api.services).find(id))?.secret;

it('a source takes its secret from a file or a pipe, never from a flag', async () => {
  const file = join(folder, 'secret.txt');
  writeFileSync(file, 'from-the-file\n');
  const made = await onehop(['source', 'create', 'tw', '--profile', 'twilio', '--secret-file', file, '--json']);
  expect(made.code).toBe(0);
  expect(JSON.parse(made.out)).toMatchObject({ id: 'tw', postback_url: 'https://api.brand.com/webhooks/tw' });
  expect(await secretOf('tw')).toBe('from-the-file');
  expect((await onehop(['source', 'update', 'tw', '--secret-file', '-'], 'from-the-pipe\r\n')).code).toBe(0);
  expect(await secretOf('tw')).toBe('from-the-pipe');
  expect((await onehop(['source', 'create', 'x', '--profile', 'twilio', '--secret', 'typed-here'])).err).toContain(
    "unknown option '--secret'",
  );
  expect((await onehop(['source', 'update', 'tw', '--secret-file', '/nonexistent/s'])).err).toContain('ENOENT');
  const shown = await onehop(['source', 'show', 'tw']);
  expect(shown.out).not.toContain('from-the-pipe');
  expect(shown.out).toContain('StatusCallback');
});
