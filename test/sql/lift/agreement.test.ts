import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { renderReport } from '../../../sql/catalog.ts';
import { openLake } from '../../../sql/duckdb.ts';
import { requestOf } from '../attribution/asked.ts';
import { DAY, type Entry, entryOf, HOUR, NOW, writeReceived } from '../attribution/sample.ts';
import { temporaryFolder } from '../lake-writer.ts';
import { sendOf } from '../performance/sends-sample.ts';
import { type Recipient, recipientOf, writeRecipients } from '../recipients-sample.ts';
import { type SendRow, writeSends } from '../sends-sample.ts';

type Row = Record<string, unknown>;
const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);

const experiments = {
  e1: { window: '24h', events: ['sale'], control: 'holdout', ends_at: null },
  e2: { window: '7d', events: ['sale', 'lead'], control: 'b', ends_at: null },
};
const WINDOWS: Readonly<Record<string, number>> = { e1: DAY, e2: 7 * DAY, e3: 7 * DAY };
const CONTROLS: Readonly<Record<string, string>> = { e1: 'holdout', e2: 'b', e3: 'holdout' };
const EVENTS: Readonly<Record<string, readonly string[]>> = { e1: ['sale'], e2: ['sale', 'lead'] };
const ACCOUNT_EVENTS = ['sale', 'lead', 'signup', 'install'];

const anyRecipient = fc.record<Partial<Recipient>>({
  subscriber_no: fc.integer({ min: 1, max: 8 }),
  link_no: oneOf(1, 2),
  campaign_id: oneOf('a', 'b'),
  segment: oneOf('vip', null),
  experiment: oneOf('e1', 'e1', 'e2', null),
  arm: oneOf('holdout', 'a', 'b'),
  account_experiment: oneOf('e3', null, null),
  account_arm: oneOf('holdout', 'a'),
  minted_at: fc.integer({ min: NOW - 3 * DAY, max: NOW }),
});

const who = oneOf(1, 2, 3, 4, 5, 6, 7, 8, 99, null);
const anyOrder = fc.record<Partial<Entry>>({
  identity_subscriber_no: who,
  subscriber_no: who,
  occurred_at: fc.integer({ min: NOW - 4 * DAY, max: NOW + 8 * DAY }),
  event: oneOf('sale', 'sale', 'lead', 'rebill'),
  status: oneOf('approved', 'approved', 'pending', 'rejected', 'reversed'),
  source_id: oneOf('shop', 'till'),
  revenue_minor: oneOf(1_000, 2_550, null),
});

const anySend = fc.record<Partial<SendRow>>({
  subscriber_no: fc.integer({ min: 1, max: 8 }),
  campaign_id: oneOf('a', 'b', 'elsewhere'),
  ts: fc.integer({ min: NOW - 3 * DAY, max: NOW + 3 * DAY }),
  price_micros: oneOf(7_900, 10_000, null),
});

interface Assignment {
  readonly experiment: string;
  readonly arm: string;
  readonly recipient: Recipient;
}

/** The first draw of each subscriber in each experiment. */
function assignmentsOf(recipients: readonly Recipient[]): Assignment[] {
  const draws = recipients.flatMap((recipient) => {
    const { experiment, arm, account_experiment, account_arm } = recipient;
    const own = experiment ? [{ experiment, arm: arm ?? '', recipient }] : [];
    return account_experiment ? [...own, { experiment: account_experiment, arm: account_arm ?? '', recipient }] : own;
  });
  const groups = Map.groupBy(draws, ({ experiment, recipient }) => `${experiment} ${recipient.subscriber_no}`);
  return [...groups.values()].flatMap((group) =>
    group.toSorted((a, b) => a.recipient.minted_at - b.recipient.minted_at).slice(0, 1),
  );
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** Sums of one arm by hand. */
function figuresOf(
  arm: readonly Assignment[],
  recipients: readonly Recipient[],
  orders: readonly Entry[],
  sends: readonly SendRow[],
) {
  const named = new Set(orders.flatMap((order) => (order.identity_subscriber_no === null ? [] : order.source_id)));
  const people = arm.map(({ experiment, recipient: { subscriber_no, minted_at } }) => {
    const isIn = (ts: number) => ts >= minted_at && ts <= minted_at + (WINDOWS[experiment] ?? 0);
    const live = orders.filter(({ converted_at, status }) => isIn(converted_at) && status !== 'rejected');
    const counts = ({ event }: Entry) => (EVENTS[experiment] ?? ACCOUNT_EVENTS).includes(event);
    const own = live.filter((order) => order.identity_subscriber_no === subscriber_no);
    const alone = live.filter(
      (order) => order.identity_subscriber_no === null && order.subscriber_no === subscriber_no && counts(order),
    );
    const campaigns = recipients
      .filter((one) => one.experiment === experiment || one.account_experiment === experiment)
      .map(({ campaign_id }) => campaign_id);
    const paid = sends.filter(
      (send) => send.subscriber_no === subscriber_no && isIn(send.ts) && campaigns.includes(send.campaign_id),
    );
    return {
      conversions: own.filter(counts).length,
      revenue: sum(own.map(({ revenue_minor }) => revenue_minor ?? 0)),
      cost: sum(paid.map(({ price_micros }) => price_micros ?? 0)),
      one_arm: alone.length,
      left_out: alone.flatMap(({ source_id }) => (named.has(source_id) ? [] : source_id)),
    };
  });
  const column = (name: 'conversions' | 'revenue' | 'cost' | 'one_arm') => sum(people.map((person) => person[name]));
  return {
    assigned: people.length,
    converters: people.filter(({ conversions }) => conversions > 0).length,
    conversions: column('conversions'),
    revenue: column('revenue'),
    revenue_squares: sum(people.map(({ revenue }) => revenue * revenue)),
    cost: column('cost') || null,
    one_arm: column('one_arm'),
    left_out: [...new Set(people.flatMap(({ left_out }) => left_out))].sort().join(',') || null,
  };
}

function recount(
  recipients: readonly Recipient[],
  orders: readonly Entry[],
  sends: readonly SendRow[],
  by: readonly string[],
): Row[] {
  const assignments = assignmentsOf(recipients);
  const dimension = ({ recipient }: Assignment, name: string) => (recipient as unknown as Row)[name] ?? null;
  const within = (one: Assignment) => JSON.stringify([one.experiment, ...by.map((name) => dimension(one, name))]);
  return [...Map.groupBy(assignments, within).values()].flatMap((group) => {
    const arms = Map.groupBy(group, ({ arm }) => arm);
    const control = arms.get(CONTROLS[group[0]?.experiment ?? ''] ?? '');
    const versus = control && figuresOf(control, recipients, orders, sends);
    return [...arms].map(([arm, members]) => ({
      experiment: members[0]?.experiment,
      arm,
      ...Object.fromEntries(by.map((name) => [name, members[0] ? dimension(members[0], name) : null])),
      ...figuresOf(members, recipients, orders, sends),
      control_assigned: versus?.assigned ?? null,
      control_converters: versus?.converters ?? null,
      control_revenue: versus?.revenue ?? null,
      sizes: [...arms]
        .map(([name, all]) => `${name}=${all.length}`)
        .sort()
        .join(','),
    }));
  });
}

const KEPT = [
  'experiment',
  'arm',
  'segment',
  'assigned',
  'converters',
  'conversions',
  'revenue',
  'revenue_squares',
  'cost',
  'one_arm',
  'left_out',
  'control_assigned',
  'control_converters',
  'control_revenue',
  'sizes',
];
const kept = (row: Row): Row =>
  Object.fromEntries(
    KEPT.flatMap((name) => (name in row ? [[name, row[name] || (typeof row[name] === 'number' ? 0 : null)]] : [])),
  );
const sorted = (rows: readonly Row[]) => rows.map((row) => JSON.stringify(kept(row))).sort();

test('any draws, orders and messages come in report lift to what a recount comes to', {
  timeout: 120_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uniqueArray(anyRecipient, { minLength: 1, maxLength: 25, selector: ({ minted_at }) => minted_at }),
      fc.array(anyOrder, { maxLength: 40 }),
      fc.array(anySend, { maxLength: 30 }),
      oneOf([], ['segment']),
      oneOf([], [], ['a'], ['a', 'b']),
      async (people, given, messages, by, arm) => {
        const lakeDir = temporaryFolder('lift');
        const recipients = people.map((one) => recipientOf(one));
        const orders = given.map((one, at) =>
          entryOf({ ...one, conversion_id: `o${at}`, received_at: (one.occurred_at ?? NOW) + HOUR }),
        );
        const sends = messages.map((one, at) => sendOf({ ...one, id: `s${at}` }));
        await writeRecipients(lakeDir, recipients);
        await writeReceived(lakeDir, 'conversions', orders);
        await writeSends(lakeDir, sends);
        const lake = await openLake({ lakeDir });
        try {
          const request = requestOf({ by, filters: { arm }, experiments, from: 0, to: NOW + 30 * DAY });
          const rows = await lake.run(renderReport('lift', request));
          const told = recount(recipients, orders, sends, by);
          // The control is compared with, shown or not.
          const shown = told.filter((row) => arm.length === 0 || arm.includes(String(row.arm)));
          expect(sorted(rows)).toEqual(sorted(shown));
        } finally {
          lake.close();
          rmSync(lakeDir, { recursive: true });
        }
      },
    ),
    { numRuns: 15, endOnFailure: true },
  );
});
