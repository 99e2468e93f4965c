import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClickRecord } from '../../lambdas/contract/clicks.ts';
import { type ReportRequest, reports } from '../../sql/catalog.ts';
import { openLake } from '../../sql/duckdb.ts';
import { ASKED, HOUR, shownRows, sorted } from './asked.ts';
import { clickOf, utcDay, writeDelivered } from './clicks-sample.ts';
import { temporaryFolder } from './lake-writer.ts';
import { type Minting, type Recipient, recipientOf, writeMintings } from './recipients-sample.ts';
import { recount } from './recount.ts';

const names = [
  ...(reports.clicks?.dimensions.map(({ name }) => name) ?? []),
  'attr.plan',
  'attr.home.state-2',
  'attr.0',
];
const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const BASE = Date.UTC(2026, 5, 15);

const anyClick = fc.record<Partial<ClickRecord>>({
  ts: fc.integer({ min: BASE - 26 * HOUR, max: BASE + 50 * HOUR }),
  campaign_id: oneOf('a', 'b', null),
  message_id: oneOf('m1', null),
  creative: oneOf('v1', 'v2', null),
  segment: oneOf('vip', null),
  offer_id: oneOf('o1', 'o2', null),
  partner: oneOf('p', null),
  link_no: oneOf(1, 2, null),
  subscriber_no: oneOf(1, 2, 3, null),
  country: oneOf('US', 'DE', null),
  region: oneOf('CA', null),
  os: oneOf('ios', 'android'),
  device: oneOf('mobile', 'desktop', null),
  domain: oneOf('go.brand.com', 'default'),
  actor: oneOf('human', 'suspect', 'bot'),
  outcome: oneOf('redirected', 'redirected', 'fallback:paused', 'fallback:unknown', 'validation'),
  code_kind: oneOf('slug', 'slug', 'unknown'),
  reasons: fc.uniqueArray(oneOf('ua_known_bot', 'method_head', 'prefetch_header'), { maxLength: 3 }),
});

const anyRecipient = fc.record<Partial<Recipient>>({
  link_no: oneOf(1, 2),
  subscriber_no: oneOf(1, 2, 3, 4),
  experiment: oneOf('e1', null),
  arm: oneOf('holdout', 'treatment', null),
  account_experiment: oneOf('all', null),
  account_arm: oneOf('holdout', 'treatment', null),
  code: oneOf('some-code', null),
  attributes: oneOf(
    '{"plan":"gold","home.state-2":"CA","0":"zero"}',
    '{"plan":"it’s \\"x\\"","home":"no","home.state-2":""}',
    '{}',
    null,
  ),
});

const anyRequest = fc.record({
  from: fc.integer({ min: BASE - 24 * HOUR, max: BASE + 12 * HOUR }),
  hours: fc.integer({ min: 1, max: 40 }),
  tz: oneOf('UTC', 'America/Los_Angeles', 'Asia/Kathmandu'),
  by: fc.uniqueArray(oneOf(...names), { maxLength: 3 }),
  filters: fc.dictionary(
    oneOf('campaign', 'os', 'reason', 'link_no', 'creative', 'hour_of_day', 'arm', 'subscriber', 'attr.plan', 'attr.0'),
    fc.uniqueArray(oneOf('a', 'ios', 'ua_known_bot', '1', 'v1', '', '13', 'holdout', 's-1', 'gold', 'zero'), {
      minLength: 1,
      maxLength: 3,
    }),
    { maxKeys: 2 },
  ),
});

test('any clicks, grouped and filtered in any way, come to what a recount by hand comes to', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyClick, { minLength: 1, maxLength: 40 }),
      fc.array(fc.nat(), { maxLength: 10 }),
      fc.array(anyRecipient, { maxLength: 12 }),
      fc.array(anyRequest, { minLength: 12, maxLength: 12 }),
      async (given, repeats, people, requests) => {
        const lakeDir = temporaryFolder('any');
        const clicks = given.map(clickOf);
        const again = repeats.map((at) => clicks[at % clicks.length] ?? clickOf());
        await writeDelivered(lakeDir, [
          ...clicks.map((click, at) => ({ click, dt: utcDay(click.ts, at % 2) })),
          ...again.map((click) => ({ click, dt: utcDay(click.ts) })),
        ]);
        // Long before, shortly before and during the range; each at a moment of its own, and some delivered twice.
        const recipients = people.map((one, at) =>
          recipientOf({ ...one, minted_at: BASE + (at % 3 === 0 ? -800 * 24 : (at % 3) * 20 - 20) * HOUR + at }),
        );
        await writeMintings(
          lakeDir,
          recipients.flatMap((recipient, at): Minting[] => {
            const first = { recipient, dt: utcDay(recipient.minted_at, at % 2) };
            return at % 4 === 0 ? [first, { recipient, dt: utcDay(recipient.minted_at) }] : [first];
          }),
        );
        const lake = await openLake({ lakeDir });
        try {
          for (const { from, hours, ...rest } of requests) {
            const request: ReportRequest = { ...ASKED, ...rest, from, to: from + hours * HOUR };
            const rows = await shownRows(lake, 'clicks', request);
            expect(sorted(rows)).toEqual(sorted(recount(clicks, request, recipients)));
          }
        } finally {
          lake.close();
          rmSync(lakeDir, { recursive: true });
        }
      },
    ),
    { numRuns: 20 },
  );
});
