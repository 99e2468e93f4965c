import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ClickRecord } from '../../lambdas/contract/clicks.ts';
import { HOLDOUT } from '../../lambdas/core/entities/experiment.ts';
import { campaignRecipientsStatement } from '../../sql/catalog.ts';
import { openLake } from '../../sql/duckdb.ts';
import { clickOf, type Delivered, utcDay, writeDelivered } from './clicks-sample.ts';
import { type Entry, entryOf, writeEntries } from './entries-sample.ts';
import { temporaryFolder } from './lake-writer.ts';
import { type Minting, type Recipient, recipientOf, writeMintings } from './recipients-sample.ts';

type Asked = Parameters<typeof campaignRecipientsStatement>[0];

const NOON = Date.UTC(2026, 5, 15, 12);
const HOUR = 3_600_000;
const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);

const anyRecipient = fc.record<Partial<Recipient>>({
  link_no: oneOf(1, 2, 3),
  subscriber_no: fc.integer({ min: 1, max: 6 }),
  campaign_id: oneOf('a', 'a', 'a', 'b', null),
  message_id: oneOf('m1', 'm2', null),
  segment: oneOf('vip', 'new', null),
  creative: oneOf('v1', null),
  code: oneOf('x', 'y', null),
  promo_code: oneOf('P-1', null),
  experiment: oneOf('e1', null),
  arm: oneOf('holdout', 'treatment', 'treatment', null),
  account_arm: oneOf('holdout', 'treatment', null, null, null),
  attributes: oneOf('{"plan":"gold"}', null),
});
const anyClick = fc.record<Partial<ClickRecord>>({
  subscriber_no: oneOf(1, 2, 3, 4, 5, 6, null),
  campaign_id: oneOf('a', 'a', 'b', null),
  actor: oneOf('human', 'human', 'bot', 'suspect'),
  outcome: oneOf('redirected', 'fallback:paused', 'validation'),
  code_kind: oneOf('personal', 'personal', 'unknown'),
});
const anyEntry = fc.record<Partial<Entry>>({
  conversion_id: oneOf('c1', 'c2', 'c3', 'c4'),
  version: oneOf(1, 2),
  status: oneOf('pending', 'approved', 'approved', 'rejected', 'reversed'),
  event: oneOf('sale', 'rebill', 'lead'),
  subscriber_no: oneOf(1, 2, 3, 4, null),
  campaign_id: oneOf('a', 'b', null),
});
const anyRequest = fc.record<Partial<Asked>>(
  {
    clicked: oneOf(true, false),
    converted: oneOf(true, false),
    arm: oneOf('holdout', 'treatment'),
    segment: oneOf('vip', 'nobody'),
    messageId: oneOf('m1'),
    linkNo: oneOf(1, 2),
    allArms: oneOf(true),
    asOf: oneOf(NOON - 6 * HOUR, NOON),
  },
  { requiredKeys: [] },
);

test('people of a campaign are who a recount finds, whatever is asked for', { timeout: 240_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyRecipient, { minLength: 1, maxLength: 25 }),
      fc.array(anyClick, { maxLength: 15 }),
      fc.array(anyEntry, { maxLength: 8 }),
      fc.array(anyRequest, { minLength: 12, maxLength: 12 }),
      async (people, taps, facts, requests) => {
        const recipients = people.map((one, at) =>
          recipientOf({ ...one, minted_at: NOON - (at % 10) * 2 * HOUR + at }),
        );
        const clicks = taps.map((one, at) => clickOf({ ...one, ts: NOON - (at % 12) * HOUR + at }));
        const entries = facts.map((one, at) => {
          const occurred_at = NOON - (at % 7) * 3 * HOUR + at;
          return entryOf({ ...one, occurred_at, received_at: NOON + at });
        });
        const lakeDir = temporaryFolder('whom');
        await writeMintings(
          lakeDir,
          recipients.map((recipient, at): Minting => ({ recipient, dt: utcDay(recipient.minted_at, at % 2) })),
        );
        await writeDelivered(
          lakeDir,
          clicks.flatMap((click, at): Delivered[] => [
            { click, dt: utcDay(click.ts) },
            ...(at % 3 ? [] : [{ click, dt: utcDay(click.ts, 1) }]),
          ]),
        );
        await writeEntries(lakeDir, [...entries, ...entries.slice(0, 2)]);
        const lake = await openLake({ lakeDir });
        try {
          for (const asked of requests) {
            const request: Asked = {
              campaignId: 'a',
              asOf: NOON + 1,
              events: ['sale', 'lead'],
              allArms: false,
              ...asked,
            };
            const found = await lake.run(campaignRecipientsStatement(request));
            expect(found).toEqual(whom(recipients, clicks, entries, request));
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

test('the arm that is left out is the one experiments call so', () => {
  const { sql } = campaignRecipientsStatement({ campaignId: 'a', asOf: NOON, events: ['sale'], allArms: false });
  expect(sql).toContain(`arm = '${HOLDOUT}' or account_arm = '${HOLDOUT}'`);
});

/** The statement's definition without SQL. */
function whom(
  recipients: readonly Recipient[],
  clicks: readonly ClickRecord[],
  entries: readonly Entry[],
  request: Asked,
): Record<string, unknown>[] {
  const ofCampaign = recipients.filter(
    ({ campaign_id, minted_at }) => campaign_id === request.campaignId && minted_at < request.asOf,
  );
  const bySubscriber = [...Map.groupBy(ofCampaign, ({ subscriber_no }) => subscriber_no)].sort(([a], [b]) => a - b);
  return bySubscriber.flatMap(([no, all]) => {
    const isHeldOut = all.some(({ arm, account_arm }) => arm === 'holdout' || account_arm === 'holdout');
    if (!request.allArms && (isHeldOut || all.every(({ code }) => code === null))) return [];
    const picked = all
      .filter(
        (one) =>
          (!request.arm || one.arm === request.arm || one.account_arm === request.arm) &&
          (!request.segment || one.segment === request.segment) &&
          (!request.messageId || one.message_id === request.messageId) &&
          (!request.linkNo || one.link_no === request.linkNo),
      )
      .sort((a, b) => b.minted_at - a.minted_at);
    const [newest] = picked;
    if (!newest) return [];
    const human = clicks.filter(
      (click) =>
        click.subscriber_no === no &&
        click.campaign_id === request.campaignId &&
        click.ts < request.asOf &&
        click.actor === 'human' &&
        click.code_kind !== 'unknown' &&
        click.outcome !== 'validation',
    );
    const since = Math.min(...all.map(({ minted_at }) => minted_at));
    const bought = boughtBy(no, since, entries, request);
    if (request.clicked !== undefined && request.clicked !== human.length > 0) return [];
    if (request.converted !== undefined && request.converted !== bought.length > 0) return [];
    return [personOf(newest, picked, human, bought)];
  });
}

function boughtBy(no: number, since: number, entries: readonly Entry[], request: Asked): Entry[] {
  const newest = [...Map.groupBy(entries, ({ conversion_id }) => conversion_id).values()].flatMap((all) =>
    all.toSorted((a, b) => b.version - a.version || b.received_at - a.received_at).slice(0, 1),
  );
  return newest.filter(
    (entry) =>
      entry.subscriber_no === no &&
      ['pending', 'approved'].includes(entry.status) &&
      request.events.includes(entry.event) &&
      [request.campaignId, null].includes(entry.campaign_id) &&
      entry.converted_at >= since &&
      entry.converted_at < request.asOf,
  );
}

function personOf(
  newest: Recipient,
  picked: readonly Recipient[],
  human: readonly ClickRecord[],
  bought: readonly Entry[],
): Record<string, unknown> {
  const joined = (values: readonly (string | null)[]) => {
    const distinct = [...new Set(values.filter((value) => value !== null))].sort();
    return distinct.length > 0 ? distinct.join(',') : null;
  };
  const times = human.map(({ ts }) => ts);
  return {
    subscriber_id: newest.subscriber_id,
    subscriber_no: newest.subscriber_no,
    experiment: joined(picked.map(({ experiment }) => experiment)),
    arm: joined(picked.map(({ arm }) => arm)),
    segment: joined(picked.map(({ segment }) => segment)),
    creative: joined(picked.map(({ creative }) => creative)),
    message_ids: joined(picked.map(({ message_id }) => message_id)),
    link_nos: joined(picked.map(({ link_no }) => String(link_no))),
    codes: joined(picked.map(({ code }) => code)),
    promo_code: picked.find(({ promo_code }) => promo_code !== null)?.promo_code ?? null,
    clicks: human.length,
    first_click_ts: times.length > 0 ? Math.min(...times) : null,
    last_click_ts: times.length > 0 ? Math.max(...times) : null,
    conversions: bought.length,
    last_conversion_ts: bought.length > 0 ? Math.max(...bought.map(({ converted_at }) => converted_at)) : null,
    attributes: picked.find(({ attributes }) => attributes !== null)?.attributes ?? null,
  };
}
