import { expect, test } from 'vitest';
import { ReportRequestError, renderReport } from '../../../sql/catalog.ts';
import { clickOf, writeClicks } from '../clicks-sample.ts';
import { recipientOf, writeRecipients } from '../recipients-sample.ts';
import { requestOf } from './asked.ts';
import { folder, groups, person, report } from './report-lake.ts';
import { entryOf, HOUR, NOW, writeReceived } from './sample.ts';

test('no value is longer than Athena takes, and there are as many as there are placeholders', () => {
  const many = Object.fromEntries(Array.from({ length: 400 }, (_, at) => [`campaign-${at}`, '30d']));
  const by = ['arm', 'attr.plan', 'country', 'day'];
  for (const basis of ['conversion', 'click']) {
    const request = requestOf({
      basis,
      by,
      filters: { 'attr.plan': ['a', 'b'], os: ['ios'] },
      rules: { campaign_windows: many },
    });
    const { sql, parameters } = renderReport('attribution', request);
    expect(sql.split('?')).toHaveLength(parameters.length + 1);
    expect(sql).not.toMatch(/\{\{|plan/);
    for (const value of parameters) expect(String(value).length).toBeLessThan(1_022);
  }
});

test('groups by what clicks, recipients and conversions know', async () => {
  const lakeDir = folder();
  await writeClicks(lakeDir, [
    clickOf({
      ...person,
      ts: NOW - HOUR,
      country: 'US',
      os: 'ios',
      device: 'mobile',
      domain: 'go.brand.com',
      region: 'CA',
    }),
  ]);
  await writeRecipients(lakeDir, [
    recipientOf({ subscriber_no: 7, arm: 'treatment', experiment: 'e1', attributes: '{"plan":"gold"}' }),
  ]);
  await writeReceived(lakeDir, 'conversions', [entryOf({ product: 'boots' })]);
  const by = [
    'country',
    'os',
    'device',
    'domain',
    'region',
    'actor',
    'arm',
    'experiment',
    'attr.plan',
    'subscriber',
    'source',
    'event',
    'status',
    'product',
    'hour_of_day',
    'weekday',
    'channel',
  ];
  const [row, ...others] = await groups(lakeDir, {
    by,
    filters: { os: ['ios'], 'attr.plan': ['gold'], subscriber: ['s-7'] },
  });
  expect(others).toEqual([]);
  expect(row).toMatchObject({
    country: 'US',
    os: 'ios',
    device: 'mobile',
    domain: 'go.brand.com',
    region: 'CA',
    actor: 'human',
    arm: 'treatment',
    experiment: 'e1',
    'attr.plan': 'gold',
    subscriber: 's-7',
    subscriber_id: 's-7',
    source: 'shop',
    event: 'sale',
    status: 'approved',
    product: 'boots',
    hour_of_day: 12,
    weekday: 1,
    channel: 'sms',
    conversions: 1,
    revenue: '49.90',
  });
});

test('pages are disjoint and complete, and each has the total', async () => {
  const lakeDir = folder();
  await writeClicks(
    lakeDir,
    Array.from({ length: 5 }, (_, at) => clickOf({ ...person, ts: NOW - HOUR - at, message_id: `m${at}` })),
  );
  await writeReceived(lakeDir, 'conversions', [entryOf(), entryOf({ conversion_id: 'o2', match: 'none' })]);
  const page = (offset: number) => report(lakeDir, { by: ['message'], choice: { model: 'linear' }, limit: 3, offset });
  const pages = [await page(0), await page(3)];
  expect(pages.map(([first]) => first?.revenue)).toEqual(['99.80', '99.80']);
  const shown = pages.flatMap((rows) => rows.slice(1).map(({ message }) => message));
  expect(shown).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', '(unattributed)']);
});

test('what the report does not have is refused', () => {
  expect(() => renderReport('attribution', requestOf({ by: ['carrier'] }))).toThrow(ReportRequestError);
  expect(() => renderReport('attribution', requestOf({ choice: { model: `last'); drop` } }))).toThrow(
    ReportRequestError,
  );
});
