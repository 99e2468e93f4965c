import { expect, test } from 'vitest';
import { renderReport, reports } from '../../../sql/catalog.ts';
import { openLake } from '../../../sql/duckdb.ts';
import { reportRows, requestOf } from '../attribution/asked.ts';
import { DAY, entryOf, HOUR, NOW, writeReceived } from '../attribution/sample.ts';
import { clickOf, writeClicks } from '../clicks-sample.ts';
import { recipientOf, writeRecipients } from '../recipients-sample.ts';
import { writeSends } from '../sends-sample.ts';
import { BY_SEND, lakeFolders, report, welcome } from './lake-report.ts';
import { sendOf } from './sends-sample.ts';

const folder = lakeFolders();

test('what nobody knows the price of has no cost: null, not 0', async () => {
  const unpriced = { price_micros: null, currency: null, price_kind: null };
  const sold = async (priced: number) => {
    const lakeDir = folder();
    const sends = [1, 2, 3, 4].map((subscriber_no) =>
      sendOf({ subscriber_no, ...(subscriber_no > priced && unpriced) }),
    );
    await writeSends(lakeDir, sends);
    await writeClicks(lakeDir, [clickOf({ ...welcome, subscriber_no: 1, link_no: 1, ts: NOW - HOUR })]);
    await writeReceived(lakeDir, 'conversions', [entryOf({ subscriber_no: 1 }), entryOf({ conversion_id: 'o2' })]);
    const request = requestOf({ ...BY_SEND, by: ['message'] });
    const lake = await openLake({ lakeDir });
    const rows = await lake.run(renderReport('performance', request)).finally(() => lake.close());
    return {
      shown: await reportRows('performance', lakeDir, request),
      warned: reports.performance?.warn?.(rows, request),
    };
  };
  const none = await sold(0);
  const unknown = { money: [{ cost: null }], sent: 4, cost: null, profit: null, cpa: null, roas: null };
  expect(none.shown).toMatchObject([unknown, unknown, { reason: 'no_touch', sent: 0, cost: '0.00' }]);
  expect(none.warned).toEqual([]);
  const some = await sold(1);
  expect(some.shown[1]).toMatchObject({ sent: 4, cost: '0.01', profit: '49.89', cpa: 0.01, roas: 4_990 });
  expect(some.warned).toMatchObject([
    { path: 'cost', code: 'cost_unknown', message: expect.stringMatching(/^3 of 4 /) },
  ]);
  expect((await sold(4)).warned).toEqual([]);
});

test('a subscriber who clicks several messages of a campaign is one unique click of the total, and of its unique_ctr', {
  timeout: 60_000,
}, async () => {
  const lakeDir = folder();
  const messages = ['welcome-1', 'welcome-2', 'welcome-3'];
  const spring = { campaign_id: 'spring', message_id: 'spring-1' };
  const sendTo = (subscriber_no: number, message: object, ts: number) =>
    sendOf({ ...message, subscriber_no, ts, id: `${JSON.stringify(message)} ${subscriber_no}` });
  const days = (message_id: string) => NOW - (3 - messages.indexOf(message_id)) * DAY;
  const all = messages.flatMap((message_id) => [1, 2].map((no) => ({ no, message_id, ts: days(message_id) })));
  await writeSends(lakeDir, [
    ...all.map(({ no, message_id, ts }) => sendTo(no, { message_id }, ts)),
    ...[1, 2].map((no) => sendTo(no, spring, NOW - 2 * DAY)),
  ]);
  const clicked = (subscriber_no: number, message: object, ts: number) =>
    clickOf({ campaign_id: 'welcome', subscriber_no, link_no: 1, ts: ts + HOUR, ...message });
  await writeClicks(lakeDir, [
    // The first clicks every message of the campaign, one of them twice, and one of another; the second one message.
    ...messages.map((message_id) => clicked(1, { message_id }, days(message_id))),
    clicked(1, { message_id: 'welcome-1' }, days('welcome-1') + HOUR),
    clicked(1, spring, NOW - 2 * DAY),
    clicked(2, { message_id: 'welcome-3' }, days('welcome-3')),
  ]);
  const uniques = async (...by: string[]) => {
    const [total, ...rows] = await report(lakeDir, { by });
    expect(total).toMatchObject({ is_total: true, delivered: 8, clicks_human: 6, clicks_unique: 3, unique_ctr: 3 / 8 });
    return Object.fromEntries(rows.map((row) => [row[by.at(-1) ?? ''], row.clicks_unique]));
  };
  const byMessage = { 'welcome-1': 1, 'welcome-2': 1, 'welcome-3': 2, 'spring-1': 1 };
  expect(await uniques('message')).toEqual(byMessage);
  expect(await uniques('campaign', 'message')).toEqual(byMessage);
  expect(await uniques('campaign')).toEqual({ welcome: 2, spring: 1 });
  expect(await uniques('day')).toEqual({ '2026-06-12': 1, '2026-06-13': 2, '2026-06-14': 2 });
});

test('by arm and attribute, a message told by message and subscriber is of the sibling link they were minted on', async () => {
  const lakeDir = folder();
  const drawn = (subscriber_no: number, link_no: number, arm: string, plan: string) =>
    recipientOf({
      ...welcome,
      ...{ subscriber_no, link_no, arm, experiment: 'e1', attributes: JSON.stringify({ plan }) },
      minted_at: NOW - 2 * DAY,
    });
  await writeRecipients(lakeDir, [
    drawn(1, 11, 'treatment', 'gold'),
    drawn(2, 12, 'treatment', 'free'),
    drawn(3, 13, 'holdout', 'gold'),
    // Of another message: not the one that was sent.
    recipientOf({ campaign_id: 'welcome', message_id: 'welcome-2', subscriber_no: 4, link_no: 14 }),
  ]);
  await writeSends(
    lakeDir,
    [1, 2, 3, 4].map((subscriber_no) => sendOf({ subscriber_no, link_no: subscriber_no === 1 ? 11 : null })),
  );
  await writeClicks(
    lakeDir,
    [1, 2].map((subscriber_no) => clickOf({ ...welcome, subscriber_no, link_no: 10 + subscriber_no, ts: NOW - HOUR })),
  );
  const told = async (by: string) => {
    const [total, ...rows] = await report(lakeDir, { by: [by] });
    expect(total).toMatchObject({ sent: 4, clicks_human: 2 });
    return Object.fromEntries(rows.map((row) => [row[by], [row.sent, row.clicks_human, row.ctr]]));
  };
  expect(await told('arm')).toEqual({ treatment: [2, 2, 1], holdout: [1, 0, 0], null: [1, 0, 0] });
  expect(await told('attr.plan')).toEqual({ gold: [2, 1, 0.5], free: [1, 1, 1], null: [1, 0, 0] });
});

test('what is divided by deliveries is of messages of which receipts are told, on both sides', async () => {
  const lakeDir = folder();
  const quiet = { message_id: 'welcome-2', type: 'sent' };
  const people = Array.from({ length: 100 }, (_, at) => at + 1);
  const optOut = (no: number) => sendOf({ ...quiet, subscriber_no: no, type: 'opt_out', id: `quiet ${no}` });
  await writeSends(lakeDir, [
    ...people.map((subscriber_no) => sendOf({ subscriber_no })),
    sendOf({ subscriber_no: 1, type: 'opt_out' }),
    ...people.map((no) => sendOf({ ...quiet, subscriber_no: no, id: `quiet ${no}` })),
    ...people.slice(0, 30).map(optOut),
  ]);
  const clicked = (subscriber_no: number | null, message_id: string | null) =>
    clickOf({ campaign_id: 'welcome', message_id, subscriber_no, link_no: 1, ts: NOW - HOUR });
  await writeClicks(lakeDir, [
    ...people.slice(0, 10).map((no) => clicked(no, 'welcome-1')),
    ...people.slice(0, 50).map((no) => clicked(no, 'welcome-2')),
    // Of nobody known: by the message, else by the campaign; of a message of which nothing is told.
    ...[clicked(null, 'welcome-1'), clicked(null, null), clicked(null, 'welcome-2'), clicked(null, 'welcome-9')],
  ]);
  const [total, ...rows] = await report(lakeDir, { by: ['message'] });
  const rates = { ctr: 0.12, ctr_gross: 0.12, unique_ctr: 0.1, opt_out_rate: 0.01 };
  expect(total).toMatchObject({
    sent: 200,
    delivered: 100,
    clicks_human: 64,
    clicks_unique: 50,
    opt_outs: 31,
    ...rates,
  });
  const of = (message: string) => rows.find((row) => row.message === message);
  expect(of('welcome-1')).toMatchObject({ sent: 100, delivered: 100, clicks_human: 11, ctr: 0.11, unique_ctr: 0.1 });
  const untold = { ctr: null, unique_ctr: null, opt_out_rate: null };
  expect(of('welcome-2')).toMatchObject({ sent: 100, delivered: null, clicks_human: 51, ...untold });
  const [byCampaign] = (await report(lakeDir, { by: ['campaign'] })).slice(1);
  expect(byCampaign).toMatchObject({ campaign: 'welcome', ...rates });
  expect(Number(total?.ctr_high)).toBeLessThan(0.2);
  const [sends] = await reportRows('sends', lakeDir, BY_SEND);
  expect(sends).toMatchObject({ is_total: true, delivered: 100, opt_outs: 31, opt_out_rate: 0.01 });
});
