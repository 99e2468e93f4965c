import { attributionDimensions } from './attribution-columns.ts';
import { isDataDriven, MOST_TALLIES, termsOf } from './attribution-report.ts';
import { DATA_MODELS, RULE_MODELS } from './attribution-terms.ts';
import { type ReportRequest, ReportRequestError } from './definitions.ts';
import { type Minor, minorOf, shownMoney, summedMoney } from './money-rows.ts';
import { planOf } from './report-plan.ts';
import { creditsOfTallies } from './tallied-models.ts';

type Row = Readonly<Record<string, unknown>>;

/** What one model gives one group. */
interface Credits {
  readonly model: string;
  /** Columns and short names of the dimensions, and the reason. */
  readonly group: Row;
  readonly conversions: number;
  readonly money: readonly Minor[];
  readonly touches: number;
}

const UNATTRIBUTED = '(unattributed)';
const NUMBERS = ['link_no'];

/** Rows of report `attribution` as they are shown. @throws ReportRequestError where a model cannot be computed */
export async function creditRows(rows: readonly Row[], request: ReportRequest): Promise<readonly Row[]> {
  const { choice, rules } = termsOf(request);
  if (isDataDriven(choice.model)) {
    const credits = chosen(creditsUnder(choice.model, complete(rows), request), request);
    return paged(credits.toSorted(byCredit), request, (one) => shown(one, request));
  }
  const total = rows.some(({ is_total }) => is_total) ? [] : [NOTHING];
  return [...total, ...rows].map(({ conversions, money, touches, is_total, ...dimensions }) => ({
    model: choice.model,
    window: choice.window,
    ...dimensions,
    conversions,
    ...shownMoney(minorOf(money), rules.currency),
    touches,
    is_total,
  }));
}

const NOTHING: Row = { reason: null, conversions: 0, money: '', touches: 0, is_total: true };

/** Rows of report `models`: every group under every model, with what it gains against the default. */
export async function modelRows(rows: readonly Row[], request: ReportRequest): Promise<readonly Row[]> {
  const { choice } = termsOf(request);
  const [ofRules, ofPaths] = [complete(rows).filter(isCredit), rows.filter((row) => !isCredit(row))];
  const all = chosen(
    [
      ...ofRules.map((row) => creditsOfRow(row, request)),
      ...DATA_MODELS.flatMap((model) => creditsUnder(model, ofPaths, request)),
    ],
    request,
  );
  const defaults = new Map(all.filter(({ model }) => model === choice.model).map((one) => [keyOf(one), one]));
  const groups = Map.groupBy(all, keyOf);
  const ordered = [...groups.keys()].toSorted((a, b) =>
    byCredit(leader(groups, defaults, a), leader(groups, defaults, b)),
  );
  const models: readonly string[] = [...RULE_MODELS, ...DATA_MODELS];
  const sorted = ordered.flatMap((key) =>
    (groups.get(key) ?? []).toSorted((a, b) => models.indexOf(a.model) - models.indexOf(b.model)),
  );
  const of = ({ model }: Credits) => model === choice.model;
  // Dimensions of the total are null, as those of the group without a value are: it is not to be looked up by them.
  const show = (one: Credits, isTotal: boolean) => compared(one, isTotal ? one : defaults.get(keyOf(one)), request);
  return paged(sorted, request, show, of);
}

const isCredit = ({ kind }: Row) => kind === 'credit';
const keyOf = ({ group }: Credits) => JSON.stringify(group);
const leader = (groups: ReadonlyMap<string, readonly Credits[]>, defaults: ReadonlyMap<string, Credits>, key: string) =>
  (defaults.get(key) ?? groups.get(key)?.[0]) as Credits;

/** @throws ReportRequestError where there are more rows than a model is computed from */
function complete(rows: readonly Row[]): readonly Row[] {
  if (rows.length <= MOST_TALLIES) return rows;
  throw new ReportRequestError(
    `more than ${MOST_TALLIES} different steps between units: group by something coarser, or take a shorter range`,
  );
}

/** Credits of a data-driven model: of every unit, and what has no touch. */
function creditsUnder(model: string, rows: readonly Row[], request: ReportRequest): Credits[] {
  const units = creditsOfTallies(model, rows).map(({ values, ...figures }) => ({
    ...figures,
    model,
    group: groupOf(request, (_, at) => values[at] ?? null, null),
  }));
  const without = Map.groupBy(
    rows.filter(({ kind }) => kind === 'none'),
    ({ reason }) => reason,
  );
  const unattributed = [...without].map(([reason, tallies]) => ({
    model,
    group: groupOf(request, (column) => (NUMBERS.includes(column) ? null : UNATTRIBUTED), reason),
    conversions: tallies.reduce((sum, { conversions }) => sum + Number(conversions), 0),
    money: summedMoney(tallies.flatMap(({ money }) => minorOf(money))),
    touches: 0,
  }));
  return [...units, ...unattributed];
}

function creditsOfRow(row: Row, request: ReportRequest): Credits {
  const { model, reason, conversions, money, touches } = row;
  return {
    model: String(model),
    group: groupOf(request, (column) => row[column] ?? null, reason),
    conversions: Number(conversions),
    money: minorOf(money),
    touches: Number(touches),
  };
}

/** Dimensions of a group under all their names, and its reason. */
function groupOf(request: ReportRequest, valueIn: (column: string, at: number) => unknown, reason: unknown): Row {
  const { by } = planOf({ name: 'attribution', dimensions: attributionDimensions, attributes: true }, request);
  const columns = by.filter((column) => column !== 'reason');
  const entries = columns.flatMap((column, at) => {
    const value = valueIn(column, at);
    const typed = NUMBERS.includes(column) && value !== null ? Number(value) : value;
    const names = attributionDimensions.filter((dimension) => dimension.column === column).map(({ name }) => name);
    return names.map((name) => [name, typed] as const);
  });
  return { ...Object.fromEntries(entries), reason };
}

/** Groups that the filters of a request let through. */
function chosen(credits: readonly Credits[], { filters }: ReportRequest): Credits[] {
  const restricted = Object.entries(filters).filter(([, values]) => values.length > 0);
  return credits.filter(({ group }) =>
    restricted.every(([name, values]) => values.includes(String(group[name] ?? ''))),
  );
}

/** What has a touch first, then by credit, then by name. */
function byCredit(a: Credits, b: Credits): number {
  const unattributed = Number(a.group.reason !== null) - Number(b.group.reason !== null);
  return unattributed || b.conversions - a.conversions || (keyOf(a) < keyOf(b) ? -1 : 1);
}

/** One page, one row more where there are more, and the total over all rows that count into it. */
function paged(
  credits: readonly Credits[],
  request: ReportRequest,
  show: (one: Credits, isTotal: boolean) => Row,
  inTotal: (one: Credits) => boolean = () => true,
): Row[] {
  const { offset, limit } = request;
  const counted = credits.filter(inTotal);
  const sum = (value: (one: Credits) => number) => counted.reduce((all, one) => all + value(one), 0);
  const total: Credits = {
    model: termsOf(request).choice.model,
    group: groupOf(request, () => null, null),
    conversions: sum(({ conversions }) => conversions),
    money: summedMoney(counted.flatMap(({ money }) => money)),
    touches: sum(({ touches }) => touches),
  };
  const page = credits.slice(offset, offset + limit + 1).map((one) => show(one, false));
  return [{ ...show(total, true), is_total: true }, ...page];
}

/** To nine digits, as SQL rounds credits. */
const rounded = (value: number) => Math.round(value * 1e9) / 1e9;

function shown({ model, group, conversions, money, touches }: Credits, request: ReportRequest): Row {
  const { choice, rules } = termsOf(request);
  return {
    model,
    window: choice.window,
    ...group,
    conversions: rounded(conversions),
    ...shownMoney(money, rules.currency),
    touches: Math.round(touches),
    is_total: false,
  };
}

/** A row with what the model gives the group beyond what the default does. */
function compared(one: Credits, standard: Credits | undefined, request: ReportRequest): Row {
  const { is_total, ...row } = shown(one, request);
  const negative = (standard?.money ?? []).map(({ currency, amounts }) => ({
    currency,
    amounts: amounts.map((amount) => 0 - amount),
  }));
  // In the currency of the row: the default may have given the group money of another.
  const currency = String(row.currency ?? termsOf(request).rules.currency);
  const gain = shownMoney(summedMoney([...one.money, ...negative]), currency);
  const isKnown = gain.currency === row.currency;
  return {
    ...row,
    conversions_gain: rounded(one.conversions - (standard?.conversions ?? 0)),
    revenue_gain: isKnown ? gain.revenue : null,
    payout_gain: isKnown ? gain.payout : null,
    is_total,
  };
}
