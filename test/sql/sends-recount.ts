import { wilson } from '../../lambdas/core/statistics/proportions.ts';
import type { ReportRequest } from '../../sql/catalog.ts';
import type { SendRow, TotalRow } from './sends-sample.ts';

type Row = Record<string, unknown>;

const SHORT: Readonly<Record<string, string>> = { campaign: 'campaign_id', message: 'message_id' };
const HOUR = 3_600_000;

/** One message, or one put of totals, as it enters the figures. */
interface Unit {
  readonly facts: Row;
  readonly ts: number;
  readonly sent: number;
  readonly tracked: number;
  readonly delivered: number | null;
  readonly failed: number | null;
  readonly optOuts: number;
  /** On messages of which receipts are told, or told by themselves. */
  readonly optOutsTracked: number;
  readonly optIns: number;
  readonly parts: number | null;
  readonly cost: { readonly micros: number; readonly currency: string; readonly kind: string } | null;
  readonly waits: boolean;
}

/**
 * Report `sends` counted by hand, without SQL: the definition that the statement is held against. States may come many times
 * and in any order. Groups are in no order; the total row is last.
 */
export function recountSends(sends: readonly SendRow[], puts: readonly TotalRow[], request: ReportRequest): Row[] {
  const messages = messagesOf(sends);
  const units = [...messages.map((one) => one.unit), ...totalsOf(puts, messages)].map((unit) => ({
    ...unit,
    facts: { ...unit.facts, ...timesOf(unit, request.tz) },
  }));
  const by = [...new Set(request.by.map((name) => SHORT[name] ?? name))];
  const rows = units
    .filter(({ ts }) => ts >= request.from && ts < request.to)
    .filter(({ facts }) =>
      Object.entries(request.filters).every(([name, values]) =>
        values.includes(String(facts[SHORT[name] ?? name] ?? '')),
      ),
    );
  const asOf = request.asOf ?? request.to;
  const groups = Map.groupBy(rows, ({ facts }) => JSON.stringify(by.map((name) => facts[name])));
  const counted = by.length === 0 ? [] : [...groups.values()].map((group) => figures(group, by, asOf, false));
  return [...counted, figures(rows, by, asOf, true)];
}

interface Message {
  readonly rows: readonly SendRow[];
  readonly unit: Unit;
}

function messagesOf(sends: readonly SendRow[]): Message[] {
  const byId = [...Map.groupBy(sends, ({ id }) => id).values()];
  const drafts = byId.map((rows) => ({ rows, facts: namesOf(rows) }));
  const place = ({ provider, country }: Row) => JSON.stringify([provider, country]);
  const receipted = new Set(drafts.filter(({ rows }) => has(rows, 'delivered')).map(({ facts }) => place(facts)));
  const judged = drafts.map((draft) => ({ ...draft, state: stateOf(draft.rows, receipted.has(place(draft.facts))) }));
  const about = ({ provider, campaign_id, message_id }: Row) => JSON.stringify([provider, campaign_id, message_id]);
  const told = new Set(
    judged.filter(({ state }) => state === 'delivered' || state === 'failed').map(({ facts }) => about(facts)),
  );
  return judged.map(({ rows, facts, state }) => ({ rows, unit: unitOf(rows, facts, state, told.has(about(facts))) }));
}

const has = (rows: readonly SendRow[], type: string) => rows.some((row) => row.type === type);
const newestFirst = (rows: readonly SendRow[]) => rows.toSorted((a, b) => b.received_at - a.received_at);
/** The newest value there is of a column. */
const newest = <K extends keyof SendRow>(rows: readonly SendRow[], name: K): SendRow[K] | null =>
  newestFirst(rows).find((row) => row[name] !== null)?.[name] ?? null;
const timeOf = (rows: readonly SendRow[], type: string): number | null =>
  newestFirst(rows).find((row) => row.type === type)?.ts ?? null;

function namesOf(rows: readonly SendRow[]): Row {
  const names = ['campaign_id', 'message_id', 'creative', 'segment', 'country', 'carrier', 'provider'] as const;
  return Object.fromEntries(names.map((name) => [name, newest(rows, name)]));
}

function stateOf(rows: readonly SendRow[], countryGivesReceipts: boolean): string | null {
  const isTaken = rows.some(({ type, is_final, detail }) => type === 'sent' && is_final && detail === 'SUCCESSFUL');
  if (has(rows, 'delivered')) return 'delivered';
  if (has(rows, 'failed')) return 'failed';
  if (isTaken && !countryGivesReceipts) return 'delivered';
  return ['sent', 'queued'].find((type) => has(rows, type)) ?? null;
}

function unitOf(rows: readonly SendRow[], facts: Row, state: string | null, isTracked: boolean): Unit {
  const wasSent = state !== null && state !== 'queued';
  const firsts = rows.filter(({ type }) => !type.startsWith('opt_') && type !== 'sent').map(({ ts }) => ts);
  const sentAt =
    newest(rows, 'requested_at') ?? timeOf(rows, 'sent') ?? (firsts.length > 0 ? Math.min(...firsts) : null);
  const priced = newestFirst(rows).filter(({ price_micros }) => price_micros !== null);
  const price = priced.find(({ price_kind }) => price_kind !== 'list') ?? priced[0];
  return {
    facts,
    ts: sentAt ?? timeOf(rows, 'opt_out') ?? timeOf(rows, 'opt_in') ?? 0,
    sent: Number(wasSent),
    tracked: Number(wasSent && isTracked),
    delivered: isTracked ? Number(state === 'delivered') : null,
    failed: isTracked ? Number(state === 'failed') : null,
    optOuts: Number(has(rows, 'opt_out')),
    optOutsTracked: Number(has(rows, 'opt_out') && (isTracked || !wasSent)),
    optIns: Number(has(rows, 'opt_in')),
    parts: wasSent ? newest(rows, 'parts') : null,
    cost: price
      ? { micros: Number(price.price_micros), currency: String(price.currency), kind: String(price.price_kind) }
      : null,
    waits: state === 'sent' && !rows.some(({ type, is_final }) => type === 'sent' && is_final),
  };
}

function totalsOf(puts: readonly TotalRow[], messages: readonly Message[]): Unit[] {
  const key = ({ campaign_id, message_id, date, creative, segment }: TotalRow) =>
    JSON.stringify([campaign_id, message_id, date, creative, segment]);
  const latest = [...Map.groupBy(puts, key).values()].flatMap(
    (group) => group.toSorted((a, b) => b.recorded_at - a.recorded_at)[0] ?? [],
  );
  const isTold = (put: TotalRow) =>
    messages.some(
      ({ unit: { facts, sent, ts } }) =>
        sent === 1 &&
        facts.campaign_id === put.campaign_id &&
        facts.message_id === put.message_id &&
        ts >= put.ts - 12 * HOUR &&
        ts < put.ts + 12 * HOUR,
    );
  return latest.filter((put) => !isTold(put)).map(putOf);
}

function putOf(put: TotalRow): Unit {
  const { campaign_id, message_id, creative, segment, sent, delivered, failed, opt_outs } = put;
  const place = { country: null, carrier: null, provider: null };
  return {
    facts: { campaign_id, message_id, creative, segment, ...place, isPut: true },
    ts: put.ts,
    sent: sent ?? 0,
    tracked: delivered === null ? 0 : (sent ?? 0),
    delivered,
    failed,
    optOuts: opt_outs ?? 0,
    optOutsTracked: delivered === null ? 0 : (opt_outs ?? 0),
    optIns: 0,
    parts: null,
    cost:
      put.cost_micros === null
        ? null
        : { micros: put.cost_micros, currency: String(put.currency), kind: String(put.price_kind) },
    waits: delivered !== null && delivered + (failed ?? 0) < (sent ?? 0),
  };
}

function timesOf({ ts, facts }: Unit, tz: string): Row {
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: tz, ...options }).format(ts);
  const [dd, mm, yyyy] = part({ day: '2-digit', month: '2-digit', year: 'numeric' }).split('/');
  return {
    day: `${yyyy}-${mm}-${dd}`,
    hour_of_day: facts.isPut ? null : Number(part({ hour: '2-digit', hourCycle: 'h23' })),
    weekday: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part({ weekday: 'short' })) + 1,
  };
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
/** The sum of what is known; null where nothing is. */
function sumKnown(values: readonly (number | null)[]): number | null {
  const known = values.filter((value) => value !== null);
  return known.length === 0 ? null : sum(known);
}

function figures(units: readonly Unit[], by: readonly string[], asOf: number, isTotal: boolean): Row {
  const shown = Object.fromEntries(by.map((name) => [name, isTotal ? null : (units[0]?.facts[name] ?? null)]));
  const aliases = Object.entries(SHORT).filter(([, name]) => by.includes(name));
  const tracked = sum(units.map((unit) => unit.tracked));
  const delivered = sumKnown(units.map((unit) => unit.delivered));
  const optOuts = sum(units.map((unit) => unit.optOuts));
  const costs = [
    ...Map.groupBy(
      units.flatMap(({ cost }) => cost ?? []),
      ({ currency }) => currency,
    ),
  ].toSorted();
  const money = costs.map(([currency, list]) => ({
    currency,
    cost: sum(list.map(({ micros }) => micros)),
    estimated: sum(list.filter(({ kind }) => kind === 'list').map(({ micros }) => micros)),
  }));
  const only = money.length === 1 ? money[0] : undefined;
  const delivery = wilson({ count: delivered ?? 0, of: delivered === null ? 0 : tracked });
  const optOutsTracked = sum(units.map((unit) => unit.optOutsTracked));
  const optOut = wilson({ count: optOutsTracked, of: delivered ?? 0 });
  return {
    ...shown,
    ...Object.fromEntries(aliases.map(([short, name]) => [short, shown[name]])),
    sent: sum(units.map((unit) => unit.sent)),
    sent_tracked: tracked,
    delivered,
    failed: sumKnown(units.map((unit) => unit.failed)),
    opt_outs: optOuts,
    opt_ins: sum(units.map((unit) => unit.optIns)),
    parts: sumKnown(units.map((unit) => unit.parts)),
    cost_micros: only?.cost ?? null,
    currency: only?.currency ?? null,
    cost_estimated_micros: only?.estimated ?? null,
    money: money.length === 0 ? null : money.map((one) => `${one.currency} ${one.cost} ${one.estimated}`).join(','),
    delivery_rate: tracked > 0 && delivered !== null ? delivered / tracked : null,
    delivery_rate_low: delivery?.low ?? null,
    delivery_rate_high: delivery?.high ?? null,
    opt_out_rate: delivered ? optOutsTracked / delivered : null,
    opt_out_rate_low: optOut?.low ?? null,
    opt_out_rate_high: optOut?.high ?? null,
    immature: units.some(({ waits, ts }) => waits && ts > asOf - 72 * HOUR),
    is_total: isTotal,
  };
}
