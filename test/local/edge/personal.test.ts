import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { linksKey } from '../../../lambdas/contract/keys.ts';
import { parseKeyring } from '../../../lambdas/core/keyring.ts';
import { mintCodes } from '../../../lambdas/core/personal-code.ts';
import { callApi, query, tap, withSystem } from '../testing.ts';

it('a send goes through several instances, is paused and resumed, and every tap is a row of its subscriber', async () => {
  await withSystem({ instances: 4 }, async (system) => {
    const { body: link } = await callApi(system, 'POST', '/v1/links', {
      personal: true,
      destination: 'https://shop.example/{subscriber_no}',
      fallback_url: 'https://later.example/',
      params: {},
    });
    const linkNo = Number(link.link_no);
    const { edge } = JSON.parse(readFileSync(join(system.dataDir, 'keys.json'), 'utf8'));
    const key = parseKeyring(JSON.stringify(edge)).minting(0);
    const subscribers = Array.from({ length: 200 }, (_, at) => at + 1);
    await system.linksTable.update(linksKey.link(linkNo), {
      set: { minted: { code_key: key.id, subscriber_max: 200 } },
    });
    const codes = mintCodes(linkNo, subscribers, key);
    const tapAll = async () =>
      (await Promise.all(codes.map((code) => tap(system, `/${code}`)))).map(({ headers }) => headers.location);

    system.clock.set({ now: '2026-06-01T12:00:00Z' });
    expect(await tapAll()).toEqual(subscribers.map((no) => `https://shop.example/${no}`));
    await callApi(system, 'PATCH', `/v1/links/${linkNo}`, { status: 'paused' });
    system.clock.set({ advance_ms: 30_000 });
    expect(new Set(await tapAll())).toEqual(new Set(['https://later.example/']));
    await callApi(system, 'PATCH', `/v1/links/${linkNo}`, { status: 'active' });
    system.clock.set({ advance_ms: 30_000 });
    expect(await tapAll()).toEqual(subscribers.map((no) => `https://shop.example/${no}`));

    await system.flush();
    const rows = await query(
      system.lakeDir,
      `select outcome, code_kind, count(*) as taps, count(distinct subscriber_no) as people, max(subscriber_no) as last
       from clicks where link_no = ${linkNo} group by 1, 2 order by 1`,
    );
    const expected = { code_kind: 'personal', people: 200, last: 200 };
    expect(
      rows.map((row) => ({ ...row, taps: Number(row.taps), people: Number(row.people), last: Number(row.last) })),
    ).toEqual([
      { outcome: 'fallback:paused', taps: 200, ...expected },
      { outcome: 'redirected', taps: 400, ...expected },
    ]);
  });
});
