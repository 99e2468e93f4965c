import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startLocal } from './local.ts';

let local: Awaited<ReturnType<typeof startLocal>>;
const folder = mkdtempSync(join(tmpdir(), 'onehop-siblings-'));
beforeAll(async () => {
  local = await startLocal();
});
afterAll(async () => {
  await local.close();
  rmSync(folder, { recursive: true });
});

const statuses = async () =>
  Object.fromEntries(
    (await local.json('link', 'list')).map(({ link_no, status }: Record<string, string>) => [link_no, status]),
  );

it('siblings are paused and resumed with their link where that is asked for; else it is said that they are not', async () => {
  const flags = ['--personal', 'true', '--destination', 'https://shop.example/'];
  const [one, other] = [await local.json('link', 'create', ...flags), await local.json('link', 'create', ...flags)];
  const list = join(folder, 'people.csv');
  writeFileSync(list, 'subscriber_id,segment\na,vip\nb,new\nc,\n');
  for (const { link_no } of [one, other])
    expect((await local.onehop(['mint', '--link', String(link_no), '--by', 'segment', list])).code).toBe(0);
  const before = await statuses();

  const alone = await local.onehop(['link', 'pause', String(one.link_no)]);
  expect(alone.err).toContain('2 siblings of link 1 stay as they are: add --siblings');
  expect(await statuses()).toEqual({ ...before, [one.link_no]: 'paused' });

  const all = await local.onehop(['link', 'pause', String(one.link_no), '--siblings']);
  expect(all.code).toBe(0);
  expect(all.err).toContain('2 siblings of link 1 are paused as well');
  const paused = Object.values(await statuses()).filter((status) => status === 'paused');
  expect(paused).toHaveLength(3);
  expect((await statuses())[other.link_no]).toBe('active');

  await local.onehop(['link', 'resume', String(one.link_no), '--siblings']);
  expect(await statuses()).toEqual(before);
  expect((await local.onehop(['link', 'pause', String(other.link_no), '--json'])).err).toContain('2 siblings');
});
