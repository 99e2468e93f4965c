import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sourceStore } from '../../lambdas/api/source-routes.ts';
import { startApi } from '../support/api.ts';
import { fetchOf, type RunOptions, runCli } from '../support/terminal.ts';

let api: Awaited<ReturnType<typeof startApi>>;
const folder = mkdtempSync(join(tmpdir(), 'onehop-source-'));

beforeAll(async () => {
  api = await startApi();
});
afterAll(async () => {
  await api.close();
  rmSync(folder, { recursive: true });
});

const onehop = (args: readonly string[], stdin: RunOptions['stdin'] = '') =>
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

it('a secret is asked for at a terminal, is there with the end of its line, and is not shown', async () => {
  const keyboard = Object.assign(new PassThrough(), { isTTY: true });
  const asked = onehop(['source', 'update', 'tw', '--secret-file', '-'], keyboard);
  keyboard.write('typed-unseen\r');
  const { code, out, err } = await asked;
  expect([code, await secretOf('tw')]).toEqual([0, 'typed-unseen']);
  expect(err).toContain('then press Enter');
  expect(out + err).not.toContain('typed-unseen');
});

it('a source is shown with its steps numbered, and its token once', async () => {
  const made = await onehop(['source', 'create', 'net', '--profile', 'everflow']);
  expect(made.out).toMatch(/^id +net$/m);
  expect(made.out).toMatch(/^postback_url +https:\/\/api\.brand\.com\/postbacks\/net\/[\w-]{43}\?/m);
  expect(made.out).toMatch(/^ {3}1\. Put the offer/m);
  expect(made.out).toMatch(/^ {3}5\. Try it: npx onehop source test net$/m);
  expect(made.out).toContain('shown this once');
  expect(made.out).not.toContain('["');
  const shown = await onehop(['source', 'show', 'net']);
  expect(shown.out).toContain('/postbacks/net/{token}?');
  expect(shown.out).toContain('source token create');
  expect((await onehop(['source', 'show', 'tw'])).out).not.toContain('token in the URL');
});

it('a pixel and a secret bring steps of their own, and a flag of yes or no may stand alone', async () => {
  const made = await onehop(
    ['source', 'create', 'site', '--profile', 'generic', '--pixel', '--secret-file', '-'],
    'a-secret',
  );
  expect(made.code).toBe(0);
  expect(made.out).toContain(
    'https://api.brand.com/pixel/site.gif?click_id={click_id}&order_id={order_id}&amount={amount}',
  );
  expect(made.out).toContain('x-onehop-signature');
  const off = await onehop(['source', 'update', 'site', '--pixel', 'false', '--json']);
  expect(JSON.parse(off.out)).toMatchObject({ pixel: false });
  const wrong = await onehop(['source', 'update', 'site', '--pixel', 'perhaps']);
  expect([wrong.code, wrong.err]).toEqual([1, expect.stringContaining('--pixel: true|false')]);
});

it('a source comes whole out of a file, secret and all, and what was shown can be sent back', async () => {
  const file = join(folder, 'shop.json');
  writeFileSync(file, JSON.stringify({ profile: 'shopify', name: 'Shop', secret: 'shpss_of-the-file' }));
  const made = await onehop(['source', 'create', 'shop', '--file', file, '--json']);
  expect([made.code, JSON.parse(made.out)]).toMatchObject([0, { name: 'Shop', kind: 'shop' }]);
  expect(made.out).not.toContain('shpss_of-the-file');
  expect(await secretOf('shop')).toBe('shpss_of-the-file');
  expect((await onehop(['source', 'update', 'shop', '--file', '-'], made.out)).code).toBe(0);
  expect(await secretOf('shop')).toBe('shpss_of-the-file');
});

it('tokens are made, listed and revoked', async () => {
  const made = await onehop(['source', 'token', 'create', 'net']);
  const token = /^token +([\w-]{43})$/m.exec(made.out)?.[1];
  expect(made.out).toContain(`/postbacks/net/${token}?`);
  const tokens = async (...more: string[]) =>
    JSON.parse((await onehop(['source', 'token', ...more, '--json'])).out) as { id: string }[];
  const listed = await tokens('list', 'net');
  expect(listed).toHaveLength(2);
  expect(JSON.stringify(listed)).not.toContain(token);
  expect(await tokens('revoke', 'net', listed[1]?.id ?? '')).toEqual([listed[0]]);
  expect(await onehop(['source', 'token', 'list', 'none'])).toMatchObject({ code: 1 });
});

it('a made-up sample is shown field by field', async () => {
  const { code, out } = await onehop(['source', 'test', 'net']);
  expect(code).toBe(0);
  expect(out).toContain('a message made up from the profile. Nothing is stored.');
  expect(out).toMatch(/payout +│ payout +│ 20\.00/);
  expect(out).toMatch(/^revenue +20\.00$/m);
  const csv = await onehop(['source', 'test', 'net', '--csv']);
  expect(csv.out).toContain('item,outcome,parameter,path,value');
});

it('a given sample is read from query, body and headers; one for quarantine ends with its reasons', async () => {
  const bad = await onehop(['source', 'test', 'net', '--query', '?sub1=x&payout={payout}&ammount=1']);
  expect(bad.code).toBe(1);
  expect(bad.err).toContain('this message would go to quarantine');
  expect(bad.err).toContain('payout still holds a placeholder');
  expect(bad.out).toContain('Nothing was read from: ammount');
  const topic = ['--header', 'X-Shopify-Topic: orders/paid'];
  const order = JSON.stringify({ id: 5, total_price: '3.00', currency: 'EUR', financial_status: 'paid' });
  const read = await onehop(['source', 'test', 'shop', '--body', '-', ...topic, '--json'], order);
  expect([read.code, JSON.parse(read.out).items]).toMatchObject([
    0,
    [{ conversion: { revenue: '3.00', order_id: '5' } }],
  ]);
  expect((await onehop(['source', 'test', 'shop', '--header', 'no header'])).err).toContain('name: value');
  expect((await onehop(['source', 'test', 'shop', '--body', '/nonexistent/b'])).err).toContain('ENOENT');
});

it('events of a source are listed', async () => {
  expect((await onehop(['source', 'events', 'net'])).out).toBe('nothing found\n');
  await onehop(['source', 'create', 'own', '--profile', 'generic']);
  await api.call('POST', '/v1/conversions', { body: [{ source: 'own', order_id: 'B', amount: '1' }] });
  expect((await onehop(['source', 'events', 'own', '--outcome', 'ignored'])).out).toBe('nothing found\n');
  const { out } = await onehop(['source', 'events', 'own', '--outcome', 'accepted', '--json']);
  expect(JSON.parse(out)).toMatchObject([{ outcome: 'accepted', source_id: 'own' }]);
});

it('pause and resume of a source say what holds from when on', async () => {
  const help = async (verb: string) => (await onehop(['source', verb, '--help'])).out.replace(/\s+/g, ' ');
  expect(await help('pause')).toContain('from ten seconds later at the latest what it sends is ignored');
  expect(await help('resume')).toContain('what it sends from now on counts');
  expect(await help('archive')).not.toContain('edge');
});
