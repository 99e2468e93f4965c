import { expect, test } from 'vitest';
import { recipientOf, writeRecipients } from '../recipients-sample.ts';
import { sendOf, writeSends } from '../sends-sample.ts';
import { folder, groups, short } from './report-lake.ts';
import { DAY, entryOf, NOW, writeReceived } from './sample.ts';

test('a redeemed code without a click goes to the latest message that carried it, however it was typed', async () => {
  const lakeDir = folder();
  const code = 'WELCOME-7K3M9QX01';
  await writeRecipients(lakeDir, [
    recipientOf({ subscriber_no: 7, link_no: 1, promo_code: code, message_id: 'welcome-1', minted_at: NOW - 20 * DAY }),
    recipientOf({ subscriber_no: 7, link_no: 2, promo_code: code, message_id: 'welcome-2', minted_at: NOW - 10 * DAY }),
    recipientOf({ subscriber_no: 8, link_no: 2, promo_code: code, message_id: 'other', minted_at: NOW - DAY }),
  ]);
  const typed = entryOf({ match: 'promo_code', promo_code: 'welcome 7k3m9qxo1', campaign_id: 'a' });
  const unknown = { ...typed, conversion_id: 'o2', entry_id: 'o2-1', promo_code: 'SUMMER-1' };
  await writeReceived(lakeDir, 'conversions', [typed, unknown]);
  const rows = await groups(lakeDir, { by: ['message', 'campaign', 'match'] });
  expect(rows.map(({ message, campaign, match, revenue }) => [message, campaign, match, revenue])).toEqual([
    ['welcome-2', 'a', 'promo_code', '49.90'],
    [null, 'a', 'promo_code', '49.90'],
  ]);
});

test('of messages minted long before, the one last sent by then carried the code; one that was not sent did not', async () => {
  const lakeDir = folder();
  const minted = { subscriber_no: 7, promo_code: 'CODE-1', minted_at: NOW - 60 * DAY };
  await writeRecipients(lakeDir, [
    recipientOf({ ...minted, link_no: 1, message_id: 'welcome-1' }),
    recipientOf({ ...minted, link_no: 2, message_id: 'welcome-2', minted_at: minted.minted_at - 1 }),
    recipientOf({ ...minted, link_no: 3, message_id: 'welcome-3', minted_at: NOW - DAY }),
    recipientOf({ ...minted, link_no: 4, message_id: 'untold', minted_at: NOW - 50 * DAY }),
  ]);
  const sent = (link_no: number, subscriber_no: number, days: number, type = 'sent') =>
    sendOf({ link_no, subscriber_no, type, ts: NOW - days * DAY });
  await writeSends(lakeDir, [
    sent(1, 7, 40),
    sent(2, 7, 30, 'delivered'),
    sent(2, 7, 29),
    sent(3, 8, 2),
    sent(3, 7, 1, 'failed'),
  ]);
  await writeReceived(lakeDir, 'conversions', [
    entryOf({ match: 'promo_code', promo_code: 'CODE-1', campaign_id: 'a' }),
  ]);
  expect(short(await groups(lakeDir, { by: ['message'] }))).toEqual([['welcome-2', 1, '49.90']]);
  // Where no campaign gives codes out nothing is looked for: the campaign alone is known.
  const rules = { promo_codes: false };
  expect(await groups(lakeDir, { by: ['message', 'campaign'], rules })).toMatchObject([
    { message: null, campaign: 'a' },
  ]);
});
