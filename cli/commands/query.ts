import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AthenaClient } from '@aws-sdk/client-athena';
import type { Command } from 'commander';
import { AthenaEngine } from '../../lambdas/adapters/athena.ts';
import { HOME_REGION } from '../../lambdas/contract/outputs.ts';
import { openLake } from '../../sql/duckdb.ts';
import { CliError } from '../cli-error.ts';
import { Client } from '../client.ts';
import { connectionOf, dataFolder } from '../connection.ts';
import { printRows } from '../output.ts';
import { readable } from '../report-cells.ts';
import { chosenColumns, tableColumns, withColumns, withTotal } from '../report-columns.ts';
import { settled } from '../settled.ts';
import { outputsOf } from '../stage.ts';
import type { Terminal } from '../terminal.ts';

type Row = Record<string, unknown>;

const REPORT_HELP = `
Reports: performance (messages, clicks, conversions, money and every rate; docs/metrics.md); compare (groups by one of
these rates, told from chance); attribution (who earned the money); models (the same under every model); paths (who
assists); lift (arms against the holdout); sources (what they send, match rate, delay); clicks; sends (deliveries and
cost); recipients (who was minted); experiments (sizes of arms against their plan).
Dimensions of clicks: day, hour_of_day, weekday, domain, campaign, message, creative, segment, offer, partner, link,
country, region, os, device, actor, reason, outcome, arm, experiment, subscriber, attr.<column of your list>.
Dimensions of sends: day, hour_of_day, weekday, campaign, message, creative, segment, country, carrier, provider.

Examples:
  $ onehop report clicks --by segment,arm,attr.plan --filter campaign=summer_sale
  $ onehop report performance --by campaign,message --basis send
  $ onehop report performance --by creative --currency EUR
  $ onehop report lift
  $ onehop report compare --by creative --metric rpc
  $ onehop report sources --by source,status
  $ onehop report attribution --by message --model linear --window 7d
  $ onehop report models --by message --window 30d
  $ onehop report paths --by message
  $ onehop report recipients --by campaign,message,arm --from 2026-06-01
  $ onehop report experiments
  $ onehop report sends --by campaign,message --from 2026-06-01
  $ onehop report clicks --by campaign,creative
  $ onehop report clicks --by day --from 2026-06-01 --to 2026-06-30 --tz Europe/Berlin --csv
  $ onehop report clicks --by outcome --filter campaign=summer_sale --filter os=ios,android`;

/** `report` and `sql`: questions to the lake. */
export function addQueryCommands(program: Command, terminal: Terminal): void {
  program
    .command('report <name>')
    .description('run a report')
    .option('--by <dimensions>', 'group by these, separated by commas')
    .option('--from <date>', 'date or time the range begins with')
    .option('--to <date>', 'date (included) or time (excluded)')
    .option('--tz <zone>', 'IANA time zone of days and hours')
    .option('--basis <basis>', 'clock that decides range and day')
    .option('--currency <code>', 'currency of money, where exchange rates know the day (see: onehop rates set --help)')
    .option('--metric <name>', 'compare: the ratio, such as rpc, ctcr or rpm')
    .option('--model <model>', 'attribution: last, first, linear, position, time_decay, markov or shapley')
    .option('--window <window>', 'attribution: how long after a touch a conversion may follow, such as 7d')
    .option('--half-life <window>', 'attribution: time in which a touch loses half its weight under time_decay')
    .option('--actors <verdicts>', 'attribution: verdicts of the clicks that count')
    .option('--as-of <time>', 'attribution: the ledger as it was known then')
    .option('--mature', 'attribution: leave out paths whose window is still open')
    .option('--filter <dimension=values>', 'only these values, separated by commas; may be repeated', collect, [])
    .option('--limit <n>', 'at most this many rows', Number)
    .option('--columns <names>', 'only these columns, separated by commas; of --csv and --json too')
    .option('--wide', 'every column, ends of intervals too (--json and --csv have them without)')
    .addHelpText('after', REPORT_HELP)
    .action(async (name: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const { by, from, to, tz, basis, currency, metric, model, window, actors } = flags;
      const attribution = {
        model,
        window,
        actors,
        half_life: flags.halfLife,
        as_of: flags.asOf,
        mature: flags.mature && 'true',
      };
      const query = { by, from, to, tz, basis, currency, metric, ...attribution, ...filtersOf(flags.filter) };
      const client = new Client(connectionOf(flags, terminal), terminal);
      const { rows, total, notes, isCut, known } = await runReport(client, name, query, flags.limit, terminal);
      const columns = chosenColumns(flags.columns, known);
      for (const note of notes) terminal.stderr.write(`${note}\n`);
      if (isCut) terminal.stderr.write(`only the first ${rows.length} rows: raise --limit to see more\n`);
      const dimensions = (by ?? '').split(',');
      if (flags.json || flags.csv) return printRows(columns ? withColumns(rows, columns) : rows, flags, terminal);
      const shown = withTotal(rows, total, dimensions);
      const first = tableColumns(name, shown, dimensions, { columns, wide: flags.wide });
      printRows(readable(shown), flags, terminal, first);
    });

  program
    .command('sql <statement>')
    .description('run SQL over the lake: DuckDB locally, Athena with --stage and your own AWS credentials')
    .addHelpText(
      'after',
      `
Tables are described in docs/data-dictionary.md. Filter dt (UTC date of arrival): on Athena every query pays for what it reads.

Examples:
  $ onehop sql "select outcome, count(*) as clicks from clicks where dt >= '2026-06-01' group by 1 order by 2 desc"
  $ onehop sql "select * from human_clicks where dt = '2026-06-01' limit 5" --json`,
    )
    .action(async (statement: string, _: unknown, self: Command) => {
      if (statement.trim() === '') throw new CliError('the statement is empty: try "onehop sql --help"');
      const flags = self.optsWithGlobals();
      const rows = flags.stage ? await athenaRows(statement, flags.stage) : await localRows(statement, terminal);
      printRows(rows, flags, terminal);
    });
}

const collect = (value: string, all: readonly string[]) => [...all, value];

function filtersOf(filters: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    filters.map((filter) => {
      const at = filter.indexOf('=');
      if (at < 1) throw new CliError(`--filter ${filter} is not of the form dimension=value`);
      return [`filter.${filter.slice(0, at)}`, filter.slice(at + 1)];
    }),
  );
}

/** All pages of a report, waiting for those that take longer. */
async function runReport(
  client: Client,
  name: string,
  query: Record<string, string | undefined>,
  limit: number | undefined,
  terminal: Terminal,
) {
  const rows: Row[] = [];
  const most = limit ?? Number.POSITIVE_INFINITY;
  let total: Row | null = null;
  let notes: string[] = [];
  const known = new Set<string>();
  let cursor: string | undefined;
  do {
    const size = String(Math.min(500, most - rows.length));
    const body = await settled(
      client,
      `/v1/reports/${encodeURIComponent(name)}`,
      { ...query, limit: size, cursor },
      terminal,
    );
    rows.push(...body.rows);
    total = body.meta.total;
    for (const name of [...namesOf(body.meta), ...(body.rows as Row[]).flatMap((row) => Object.keys(row))])
      known.add(name);
    if (!cursor) notes = [spanOf(body.meta), ...warningsOf(body.meta)];
    cursor = body.meta.next_cursor ?? undefined;
  } while (cursor && rows.length < most);
  return { rows, total, notes, isCut: cursor !== undefined, known: [...known] };
}

const namesOf = ({ columns = [] }: { readonly columns?: readonly { name: string }[] }) =>
  columns.map(({ name }) => name);

/** What the rows cover, said beside them: a range nobody chose may hold nothing of what somebody looks for. */
function spanOf({ from, to, tz, basis }: Record<'from' | 'to' | 'tz' | 'basis', string>): string {
  const span = Date.parse(from) === 0 ? `everything up to ${to}` : `${from} to ${to}`;
  return `${span} (days of ${tz}, by the time of the ${basis}); --from and --to choose another range`;
}

/** Filters that name nothing, or fit nothing: rows may be missing for a slip of the pen. */
const warningsOf = ({ warnings = [] }: { readonly warnings?: readonly { path: string; message: string }[] }) =>
  warnings.map(({ path, message }) => `warning: ${path}: ${message}`);

async function localRows(sql: string, terminal: Terminal): Promise<Row[]> {
  const lake = await openLake({ lakeDir: join(dataFolder(terminal), 'lake') });
  try {
    return await lake.run({ sql, parameters: [] });
  } catch (error) {
    throw new CliError(error instanceof Error ? error.message : 'the query failed');
  } finally {
    lake.close();
  }
}

async function athenaRows(sql: string, stage: string): Promise<readonly Row[]> {
  const { DatabaseName: database, WorkgroupName: workgroup } = await outputsOf(stage);
  const engine = new AthenaEngine({ client: new AthenaClient({ region: HOME_REGION }), database, workgroup });
  const queryId = await engine.start({ sql, parameters: [] });
  for (;;) {
    const state = await engine.poll(queryId);
    if (state?.state === 'done') return state.rows;
    if (state?.state !== 'running') throw new CliError(state?.reason ?? 'Athena does not know the query any more');
    await sleep(500);
  }
}
