import { clickColumns } from '../lambdas/contract/clicks.ts';
import { type LakeTable, lakeTables } from '../lambdas/contract/lake.ts';
import { recipientColumns } from '../lambdas/contract/recipients.ts';
import { sendColumns } from '../lambdas/contract/sends.ts';
import { accessLogViewColumns } from './access-log-columns.ts';
import { attributionViews } from './attribution-views.ts';
import type { View, ViewColumn } from './definitions.ts';
import { readSql } from './read-sql.ts';
import { sendStatesByDay } from './send-states.ts';
import { sendStateColumns } from './sends-columns.ts';
import { offered, partitionColumn, selectList } from './view-columns.ts';

/**
 * Name of the relation over the files of a lake table (its Glue table): a database holds one relation of a name, and the
 * plain name belongs to the view that people should read.
 */
export function rawName(table: Pick<LakeTable, 'name'>): string {
  return `${table.name}_raw`;
}

const clickedAt: ViewColumn = {
  name: 'clicked_at',
  type: 'timestamp(3)',
  doc: 'Time of `ts`, UTC, with milliseconds.',
};

const mintedTime: ViewColumn = {
  name: 'minted_time',
  type: 'timestamp(3)',
  doc: 'Time of `minted_at`, UTC, with milliseconds.',
};
const toldTime: ViewColumn = { name: 'told_time', type: 'timestamp(3)', doc: 'Time of `ts`, UTC, with milliseconds.' };

const clickViewColumns = [...offered(clickColumns), clickedAt, partitionColumn];

const clicksSql = (path: string) => readSql(path).replace('{{columns}}', selectList(clickColumns));

/** Views in an order in which each reads only what stands before it. */
export const views: readonly View[] = [
  {
    name: 'clicks',
    grain: 'one request on a short domain, repeats of its delivery removed within a day of arrival',
    source: rawName(lakeTables.clicks),
    doc: 'Every request, verdicts as columns. A click delivered on both sides of midnight (UTC) stands on both days.',
    sql: clicksSql('views/clicks.sql'),
    columns: clickViewColumns,
  },
  {
    name: 'human_clicks',
    grain: 'one click of a person on a code that led to a link',
    source: 'clicks',
    doc: 'What the figures named human count.',
    sql: clicksSql('views/human_clicks.sql'),
    columns: clickViewColumns,
  },
  {
    name: 'recipients',
    grain: 'one subscriber minted on one link, repeats removed within a day of arrival',
    source: rawName(lakeTables.recipients),
    doc: 'Who was minted. Whoever is minted again on another day (UTC) stands on both days; the first of them counts.',
    sql: readSql('views/recipients.sql').replace('{{columns}}', selectList(recipientColumns)),
    columns: [...offered(recipientColumns), mintedTime, partitionColumn],
  },
  {
    name: 'sends',
    grain: 'one state of one message (`id` and `type`), repeats removed within a day of arrival',
    source: rawName(lakeTables.sends),
    doc: 'What became of messages, as it was told. Of several tellings of one state a final one counts, then the newest.',
    sql: readSql('views/sends.sql').replace('{{columns}}', selectList(sendColumns)),
    columns: [...offered(sendColumns), toldTime, partitionColumn],
  },
  {
    name: 'send_states',
    grain: 'one message on one day of arrival: what all that was told that day comes to',
    source: rawName(lakeTables.sends),
    doc: 'State, time, price and place of each message. One whose receipts came on several days stands on each with what was told then; the report `sends` puts them together.',
    sql: sendStatesByDay,
    columns: [...sendStateColumns, partitionColumn],
  },
  ...attributionViews,
  {
    name: 'access_logs',
    grain: 'one line of CloudFront’s access log, typed',
    source: rawName(lakeTables.access_logs),
    doc: 'Best effort: a line may be missing or come twice.',
    sql: readSql('views/access_logs.sql'),
    columns: accessLogViewColumns,
  },
];
