import { rmSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type ReportRequest, reports } from '../../sql/catalog.ts';
import { openLake } from '../../sql/duckdb.ts';
import { ASKED, HOUR, NOON, type Row, shownRows, sorted } from './asked.ts';
import { utcDay } from './clicks-sample.ts';
import { temporaryFolder } from './lake-writer.ts';
import { recountAssignments, recountRecipients } from './people-recount.ts';
import { type Minting, type Recipient, recipientOf, writeMintings } from './recipients-sample.ts';

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);

const anyRecipient = fc.record<Partial<Recipient>>({
  link_no: oneOf(1, 2, 3),
  subscriber_no: oneOf(1, 2, 3, 4, 5),
  campaign_id: oneOf('a', 'b', null),
  message_id: oneOf('m1', null),
  creative: oneOf('v1', 'v2', null),
  segment: oneOf('vip', null),
  partner: oneOf('p', null),
  offer_id: oneOf('o1', null),
  experiment: oneOf('e1', 'e2', null),
  arm: oneOf('holdout', 'treatment', null),
  account_experiment: oneOf('all', null, null),
  account_arm: oneOf('holdout', 'treatment'),
  code: oneOf('some-code', null),
  attributes: oneOf('{"plan":"gold"}', '{"plan":""}', null),
  email_hash: oneOf('h', null),
  customer_hash: oneOf('h', null, null),
});

const names = (report: string) => [...(reports[report]?.dimensions.map(({ name }) => name) ?? []), 'attr.plan'];

const anyRequest = (report: string) =>
  fc.record({
    from: fc.integer({ min: NOON - 60 * HOUR, max: NOON + 12 * HOUR }),
    hours: fc.integer({ min: 1, max: 90 }),
    tz: oneOf('UTC', 'America/Los_Angeles', 'Asia/Kathmandu'),
    by: fc.uniqueArray(oneOf(...names(report)), { maxLength: 3 }),
    filters: fc.dictionary(
      oneOf('campaign', 'arm', 'link_no', 'attr.plan', 'experiment'),
      fc.uniqueArray(oneOf('a', 'holdout', '1', '2', 'gold', 'e1', ''), { minLength: 1, maxLength: 3 }),
      { maxKeys: 2 },
    ),
  });

const RECOUNTS = { recipients: recountRecipients, experiments: recountAssignments };

test.each(['recipients', 'experiments'] as const)(
  'any mintings come in report %s to what a recount comes to',
  async (name) => {
    const given = fc.array(anyRecipient, { minLength: 1, maxLength: 40 });
    const asked = fc.array(anyRequest(name), { minLength: 10, maxLength: 10 });
    await fc.assert(
      fc.asyncProperty(given, asked, async (people, requests) => {
        const recipients = people.map((one, at) =>
          recipientOf({ ...one, minted_at: NOON - 48 * HOUR + ((at * 7) % 24) * 4 * HOUR + at }),
        );
        const lakeDir = temporaryFolder('people');
        await writeMintings(
          lakeDir,
          recipients.flatMap((recipient, at): Minting[] => {
            const first = { recipient, dt: utcDay(recipient.minted_at, at % 3) };
            return at % 4 === 0 ? [first, { recipient, dt: utcDay(recipient.minted_at) }] : [first];
          }),
        );
        const lake = await openLake({ lakeDir });
        try {
          for (const { from, hours, ...rest } of requests) {
            const request: ReportRequest = { ...ASKED, ...rest, from, to: from + hours * HOUR };
            const rows = await shownRows(lake, name, request);
            expect(sorted(rows.map(counted))).toEqual(sorted(RECOUNTS[name](recipients, request)));
            sharesAddUp(rows, name);
          }
        } finally {
          lake.close();
          rmSync(lakeDir, { recursive: true });
        }
      }),
      { numRuns: 15 },
    );
  },
);

/** A row without what is worked out from its counts. */
function counted({ share: _, planned_share: __, srm_p: ___, srm: ____, ...row }: Row): Row {
  return row;
}

function sharesAddUp(rows: readonly Row[], name: string): void {
  if (name !== 'experiments') return;
  const dimensions = ({ arm: _, assigned: __, share: ___, with_identity: ____, ...rest }: Row) => JSON.stringify(rest);
  for (const group of Map.groupBy(
    rows.filter(({ is_total }) => !is_total),
    dimensions,
  ).values())
    expect(group.reduce((sum, { share }) => sum + Number(share), 0)).toBeCloseTo(1);
}
