import { conversionColumns, touchColumns } from '../lambdas/contract/conversions.ts';
import type { TrinoType, View, ViewColumn } from './definitions.ts';
import { readSql } from './read-sql.ts';
import { offered, partitionColumn, selectList } from './view-columns.ts';

const column = (name: string, type: TrinoType, doc: string): ViewColumn => ({ name, type, doc });
const timeOf = (name: string, of: string) => column(name, 'timestamp(3)', `Time of \`${of}\`, UTC, with milliseconds.`);

const attributionTouchColumns: readonly ViewColumn[] = [
  column('touch_id', 'varchar', 'Click id, id of the imported touch, or the code carried.'),
  column('kind', 'varchar', '`click`, `view`, `delivery` or `code`.'),
  column('imported', 'boolean', 'True for touches of other channels.'),
  column('ts', 'bigint', 'When it happened, of codes when they were minted, epoch milliseconds UTC.'),
  column('actor', 'varchar', 'Verdict of a click: `human`, `suspect` or `bot`; null elsewhere.'),
  column('subscriber_no', 'bigint', 'Our number of the subscriber; null where nobody is known.'),
  column('link_no', 'bigint', 'Link; null for imported touches.'),
  column('offer_id', 'varchar', 'Offer that was served, or that an imported touch names.'),
  column('channel', 'varchar', '`sms`, else as it was imported.'),
  column('campaign_id', 'varchar', 'Campaign.'),
  column('message_id', 'varchar', 'Message (step of a campaign).'),
  column('creative', 'varchar', 'Creative.'),
  column('segment', 'varchar', 'Audience segment.'),
  column('partner', 'varchar', 'Partner.'),
  partitionColumn,
];

/** Views of conversions and of what they are attributed to; they read views `clicks` and `recipients`. */
export const attributionViews: readonly View[] = [
  {
    name: 'conversions',
    grain: 'one entry of the ledger, repeats and older versions removed within a day of arrival',
    source: 'conversions_raw',
    doc: 'Sales, refunds, chargebacks, corrections and changes of status. Entries that were matched again on another day (UTC) stand on both days; the highest `version` counts.',
    sql: readSql('views/conversions.sql').replace('{{columns}}', selectList(conversionColumns)),
    columns: [...offered(conversionColumns), timeOf('occurred_time', 'occurred_at'), partitionColumn],
  },
  {
    name: 'touches',
    grain: 'one imported touch, repeats removed within a day of arrival',
    source: 'touches_raw',
    doc: 'Touches of other channels. One that was told again on another day (UTC) stands on both days; the first counts.',
    sql: readSql('views/touches.sql').replace('{{columns}}', selectList(touchColumns)),
    columns: [...offered(touchColumns), timeOf('touched_time', 'ts'), partitionColumn],
  },
  {
    name: 'attribution_touches',
    grain:
      'one touch as attribution looks at it: click on a known code, imported touch, or message that carried a promo code',
    source: 'clicks, touches and recipients',
    doc: 'Everything that may get credit, side by side. Reports count human clicks unless asked for others.',
    sql: readSql('views/attribution_touches.sql'),
    columns: attributionTouchColumns,
  },
];
