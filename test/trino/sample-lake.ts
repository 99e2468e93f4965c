import fc from 'fast-check';
import type { ClickRecord } from '../../lambdas/contract/clicks.ts';
import { lakeTables } from '../../lambdas/contract/lake.ts';
import { anyLedger, ledgerOf, writeLedger } from '../sql/attribution/ledgers.ts';
import { clickOf, type Delivered, utcDay, writeDelivered } from '../sql/clicks-sample.ts';
import { entryOf, writeEntries } from '../sql/entries-sample.ts';
import { writeRows } from '../sql/lake-writer.ts';
import { type Minting, type Recipient, recipientOf, writeMintings } from '../sql/recipients-sample.ts';
import { anySends, anyTotals, writeSends, writeTotals } from '../sql/sends-sample.ts';

const DAY_MS = 86_400_000;
const SEED = 20_260_615;

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);

/** Clicks of sixteen days up to `now`, with every column filled in some of them and null in others. */
const anyClick = (now: number) =>
  fc.record<Partial<ClickRecord>>({
    ts: fc.integer({ min: now - 16 * DAY_MS, max: now }),
    campaign_id: oneOf('a', 'b', 'Größe-ß', null),
    message_id: oneOf('m1', 'm2', null),
    creative: oneOf('v1', 'v2', 'it’s "x" / y', null),
    segment: oneOf('vip', null),
    offer_id: oneOf('o1', 'o2', null),
    partner: oneOf('p', '', null),
    link_no: oneOf(1, 2, 4_194_304, null),
    subscriber_no: oneOf(1, 2, 3, 4, null),
    sent_at: oneOf(now, null),
    country: oneOf('US', 'DE', null),
    region: oneOf('CA', null),
    os: oneOf('ios', 'android', 'other'),
    device: oneOf('mobile', 'desktop', null),
    domain: oneOf('go.brand.com', 'default'),
    code_kind: oneOf('slug', 'slug', 'personal', 'unknown'),
    asn: oneOf(21_928, null),
    user_agent: oneOf('Mozilla/5.0', '', null),
    visitor_params: oneOf('{"a":["1","2"]}', null),
    edge_region: oneOf('us-east-1', 'eu-central-1', null),
    lookup_ms: oneOf(0, 7.125, null),
    total_ms: fc.integer({ min: 1, max: 4_000 }).map((quarters) => quarters / 4),
    cache: oneOf('hit', 'miss'),
    actor: oneOf('human', 'human', 'suspect', 'bot'),
    outcome: oneOf('redirected', 'redirected', 'fallback:paused', 'fallback:unknown', 'validation', 'confirmed'),
    reasons: fc.uniqueArray(oneOf('ua_known_bot', 'method_head', 'prefetch_header'), { maxLength: 3 }),
  });

/** People minted on the links of those clicks, up to 25 days before `now`. */
const anyRecipient = (now: number) =>
  fc.record<Partial<Recipient>>({
    minted_at: fc.integer({ min: now - 25 * DAY_MS, max: now }),
    link_no: oneOf(1, 2, 3),
    subscriber_no: fc.integer({ min: 1, max: 12 }),
    campaign_id: oneOf('a', 'Größe-ß', null),
    message_id: oneOf('m1', 'm2', null),
    creative: oneOf('v1', 'it’s "x" / y', null),
    segment: oneOf('vip', null),
    partner: oneOf('p', null),
    offer_id: oneOf('o1', null),
    code: oneOf('some-code', null),
    promo_code: oneOf('WELCOME-7K3M9QX', null),
    experiment: oneOf('e1', 'e-1', null),
    arm: oneOf('a', 'a-b', 'holdout', 'treatment', null),
    attributes: oneOf('{"plan":"gold","home.state-2":"CA","0":"zero"}', '{"plan":"it’s \\"x\\" / y"}', '{}', null),
    email_hash: oneOf('hash', null),
    customer_hash: oneOf('hash', null, null),
  });

/** Some clicks come twice, some on both sides of midnight, some rebuilt from logs or judged by older rules. */
function deliveriesOf(clicks: readonly ClickRecord[]): Delivered[] {
  return clicks.flatMap((click, at) => {
    const first = { click, dt: utcDay(click.ts, at % 5 === 0 ? 1 : 0) };
    if (at % 4 === 0) return [first, { click, dt: utcDay(click.ts) }];
    if (at % 7 === 0) return [first, { click: { ...click, recovered: true, actor: 'suspect' }, dt: first.dt }];
    if (at % 9 === 0) return [first, { click: { ...click, rules_version: 'test-0', reasons: [] }, dt: first.dt }];
    return [first];
  });
}

/** Recipients of two days: some minted twice, some without a promo code. */
const recipientsOf = (now: number) =>
  Array.from({ length: 40 }, (_, at) => ({
    link_no: 1 + (at % 3),
    subscriber_no: 1 + (at % 25),
    subscriber_id: `s${1 + (at % 25)}`,
    campaign_id: at % 5 === 0 ? 'b' : 'a',
    promo_code: at % 7 === 0 ? null : `A-${1 + (at % 25)}`,
    minted_at: now,
  }));

/** Fills a lake with the same clicks and recipients, relative to `now`, on every run; and a few lines of access log. */
export async function writeSampleLake(lakeDir: string, now: number): Promise<void> {
  const clicks = fc.sample(anyClick(now), { numRuns: 400, seed: SEED }).map(clickOf);
  await writeDelivered(lakeDir, deliveriesOf(clicks));
  for (const day of [0, -2]) await writeRows(lakeDir, lakeTables.recipients, utcDay(now, day), recipientsOf(now));
  const recipients = fc.sample(anyRecipient(now), { numRuns: 80, seed: SEED }).map(recipientOf);
  await writeMintings(
    lakeDir,
    recipients.flatMap((recipient, at): Minting[] => {
      const first = { recipient, dt: utcDay(recipient.minted_at, at % 5 === 0 ? 1 : 0) };
      return at % 4 === 0 ? [first, { recipient, dt: utcDay(recipient.minted_at) }] : [first];
    }),
  );
  const [sends = []] = fc.sample(anySends(now - 9 * DAY_MS, 300), { numRuns: 1, seed: SEED });
  const [totals = []] = fc.sample(anyTotals(now - 9 * DAY_MS, 12), { numRuns: 1, seed: SEED });
  await writeSends(lakeDir, sends);
  await writeTotals(lakeDir, totals);
  const entries = Array.from({ length: 40 }, (_, at) => {
    const occurred_at = now - (at % 20) * DAY_MS - at;
    const [subscriber_no, campaign_id] = [1 + (at % 9), at % 3 ? 'a' : null];
    const status = at % 5 ? 'approved' : 'rejected';
    return entryOf({
      conversion_id: `c${at % 30}`,
      version: 1 + (at % 2),
      subscriber_no,
      campaign_id,
      status,
      occurred_at,
    });
  });
  await writeEntries(lakeDir, entries);
  // Conversions of twelve days ago, and their touches up to a month before.
  const ledgers = fc
    .sample(anyLedger, { numRuns: 5, seed: SEED })
    .sort((a, b) => b.conversions.length - a.conversions.length);
  for (const given of ledgers.slice(0, 1)) await writeLedger(lakeDir, ledgerOf(given, now - 12 * DAY_MS));
  const messages = Array.from({ length: 20 }, (_, at) => ({
    id: `m${at}`,
    received_at: now - (9 + (at % 6)) * DAY_MS,
    source_id: at % 3 ? 'shop' : 'network',
  }));
  for (const { received_at, ...message } of [...messages, ...messages.slice(0, 5)])
    await writeRows(lakeDir, lakeTables.postbacks, utcDay(received_at), [{ ...message, received_at }]);
  for (let day = 0; day < 3; day += 1)
    await writeRows(lakeDir, lakeTables.access_logs, utcDay(now, -day), logLines(now - day * DAY_MS));
}

function logLines(time: number): object[] {
  const line = { timestamp_ms: `${time}`, x_edge_request_id: `request-${time}`, x_host_header: 'go.brand.com' };
  return [
    {
      ...line,
      cs_method: 'GET',
      cs_uri_stem: '/summer',
      cs_uri_query: '-',
      sc_status: '302',
      time_taken: '0.025',
      asn: '21928',
    },
    {
      ...line,
      timestamp_ms: '-',
      cs_uri_query: 'a=%20b',
      sc_status: '-',
      time_taken: 'x',
      asn: '-',
      c_ip: '203.0.113.9',
    },
    {},
  ];
}
