import { expect, it } from 'vitest';
import { postbackUrls } from '../../bench/postbacks/postback-urls.ts';
import { verifyClickId } from '../../lambdas/core/click-id.ts';
import { parseKeyring } from '../../lambdas/core/keyring.ts';

const edgeKeys = JSON.stringify({ key_1: 'k'.repeat(64) });
const plan = { base: 'http://127.0.0.1/p', edgeKeys, linkNo: 7, from: 1_796_000_000_000, first: 40, count: 50 };

it('makes postbacks that the edge could have signed, none like another', () => {
  const urls = postbackUrls(plan).map((url) => new URL(url).searchParams);
  const ids = urls.map((query) => query.get('sub1') ?? '');
  expect(new Set(ids).size).toBe(50);
  expect(new Set(urls.map((query) => query.get('transaction_id'))).size).toBe(50);
  for (const id of ids) expect(verifyClickId(id, parseKeyring(edgeKeys))).toMatchObject({ ok: true, linkNo: 7 });
  expect(postbackUrls(plan)).toEqual(postbackUrls(plan));
});
