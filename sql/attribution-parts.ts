import { attributionDimensions, clickOnlyColumns, recipientOnlyColumns } from './attribution-columns.ts';
import { RULE_MODELS } from './attribution-terms.ts';
import type { Basis, Days } from './attribution-values.ts';
import { type ReportRequest, ReportRequestError } from './definitions.ts';
import { attributePaths, type ReportPlan, touches } from './report-plan.ts';
import { attributePart, filled, filterPart, groupParts } from './report-text.ts';
import { sendStatesSince } from './send-states.ts';
import { marked, type Values } from './statement.ts';

type Parts = Readonly<Record<string, string>>;

/** Parts of a text, and the values they ask for. */
export interface PartsAndValues {
  readonly parts: Parts;
  readonly values: Values;
}

const part = (name: string, parts: Parts = {}) => filled(`reports/parts/${name}.sql`, parts);

/** By send, the moment of a touch whose own time is in this column. */
export const answeredAt = (at: string): string => part('answered-at', { at });

/** Which moment decides range and day. */
const CLOCKS: Readonly<Record<Basis, string>> = {
  conversion: 'occurred_at',
  click: 'case when reason is null then touched_at else converted_at end',
  send: `case when reason is null then ${answeredAt('touched_at')} else converted_at end`,
};

const BY_CONVERSION = 'converted_at >= {{?scope_from}} and converted_at < {{?scope_to}}';

const SCOPES: Readonly<Record<Basis, string>> = {
  conversion: 'in_range = 1',
  click: BY_CONVERSION,
  send: BY_CONVERSION,
};

const ENTRIES: Readonly<Record<Basis, string>> = {
  conversion: 'e.occurred_at >= {{?from}} and e.occurred_at < {{?to}}',
  click: 'true',
  send: 'true',
};

const OWN_WINDOW =
  'coalesce(element_at(campaign_windows, campaign_id), element_at(offer_windows, offer_id), account_window)';

const basisOf = ({ basis = 'conversion' }: ReportRequest) => basis as Basis;
const windowPart = ({ terms }: ReportRequest) => (terms?.choice.window === null ? OWN_WINDOW : 'account_window');

/** Columns of clicks that only some questions need, as lists that begin with a comma. */
function clickColumns({ by, filters }: ReportPlan) {
  const used = clickOnlyColumns.filter(
    (column) => by.includes(column) || filters.some(([filtered]) => filtered === column),
  );
  const list = (prefix: string) => used.map((column) => `, ${prefix}${column}`).join('');
  return { plain: list(''), ofTouch: list('t.'), none: used.map(() => ', null').join('') };
}

/** Steps that lead from the lake to the touches of each conversion. */
export function pathParts(request: ReportRequest, plan: ReportPlan): Parts {
  const columns = clickColumns(plan);
  return {
    terms: part('terms'),
    ledger: part('ledger', { in_scope: SCOPES[basisOf(request)] }),
    touchpoints: part('touchpoints', {
      tapped: part('clicks-once', { name: 'tapped' }),
      click_columns: columns.plain,
      no_click_columns: columns.none,
      has_codes: String(request.terms?.rules.promo_codes ?? true),
    }),
    candidates: part('candidates', {
      touch_columns: columns.ofTouch,
      window_ms: windowPart(request),
      ...eitherWay('named-touch', 'named_touch'),
    }),
    paths: part('paths', eitherWay('touch-facts', 'touches')),
  };
}

/** Columns that tell something of all rows of a conversion: of a group, and beside each row. */
const eitherWay = (file: string, name: string): Parts => ({
  [`of_${name}`]: part(file, { over: '' }),
  [`over_${name}`]: part(file, { over: 'over (partition by conversion_id)' }),
});

/** Money that a split divides, each after the step that divided the one before. */
const AMOUNTS = ['revenue_net', 'revenue_before', 'payout_net', 'payout_before'];

/** Models that give all of a conversion to one of its touches, so that nothing has to be divided. */
const UNDIVIDED: readonly string[] = ['last', 'first'];

/** Steps that credit those touches under models that work conversion by conversion, and the name of the last of them: `shared`. */
export function splitParts(
  request: ReportRequest,
  models: readonly string[],
): Readonly<Record<'credits' | 'splits' | 'shared', string>> {
  const decays = models.includes('time_decay');
  const isUndivided = models.every((model) => UNDIVIDED.includes(model));
  const credits = part('credits', {
    models: models.map((model) => `('${ruleModel(model)}')`).join(', '),
    entry_in_range: ENTRIES[basisOf(request)],
    decaying: decays ? part('decaying') : '',
    weighable: decays ? 'decaying' : 'steps',
    by_decay: decays ? 'else decay / sum(decay) over (partition by conversion_id, m.model)' : '',
  });
  return { credits, ...(isUndivided ? { splits: part('undivided'), shared: 'undivided' } : dividedParts()) };
}

function dividedParts() {
  const steps = AMOUNTS.map((amount, at) =>
    part('split', { amount, source: at === 0 ? 'entered' : `${AMOUNTS[at - 1]}_shares` }),
  );
  return { splits: steps.join('\n'), shared: `${AMOUNTS.at(-1)}_shares` };
}

/** Steps that group those rows. @param shared the step that they are */
export function groupedParts(request: ReportRequest, plan: ReportPlan, days: Days, shared: string): PartsAndValues {
  const filters = marked(
    filterPart(plan),
    'filter',
    plan.filters.flatMap(([, values]) => values),
  );
  const people = recipientParts(plan, days);
  const grouped = part('grouped', {
    ...people.parts,
    ...groupParts(plan, attributionDimensions, ''),
    ...spanParts(basisOf(request)),
    shared,
    clock: CLOCKS[basisOf(request)],
    touch_columns: clickColumns(plan).plain,
    by: plan.by.join(', '),
    filters: filters.text,
  });
  return { parts: { grouped }, values: { ...people.values, ...filters.values } };
}

/** By send, the message that a touch answers to. */
function spanParts(basis: Basis): Parts {
  if (basis !== 'send') return { spans: '', spans_of_credits: '' };
  const units = part('send-units', { states: sendStatesSince.replace('?', '{{?sends_first}}') });
  return {
    spans: `${units}\n${part('sent-spans')}`,
    spans_of_credits: part('join-spans', { touch: 's', at: 's.touched_at' }),
  };
}

/** A model as it may stand in a text. */
function ruleModel(model: string): string {
  const known = RULE_MODELS.find((name) => name === model);
  if (!known) throw new ReportRequestError(`there is no model ${model} that credits conversion by conversion`);
  return known;
}

/** Recipients are read only where a dimension needs them. */
function recipientParts(plan: ReportPlan, days: Days): PartsAndValues {
  if (!touches(plan, recipientOnlyColumns))
    return { parts: { minted: '', join_minted: '', attributes: '', arm: '' }, values: {} };
  const attributes = marked(attributePart(plan), 'attribute', attributePaths(plan));
  const minted = marked(part('minted'), 'minted', [days.touches_last, days.scope_to]);
  const parts = {
    minted: minted.text,
    join_minted: part('join-minted'),
    attributes: attributes.text,
    arm: recipientOnlyColumns.map((column) => `${column},`).join(' '),
  };
  return { parts, values: { ...attributes.values, ...minted.values } };
}

/** Steps that read the touches of everybody, converted or not. */
export const roamingParts = (request: ReportRequest): Parts => ({
  roaming: part('roaming', { window_ms: windowPart(request) }),
});

/** Steps that make sequences of units of those touches: a unit is what these columns say. */
export function walkedParts(columns: readonly string[]): Parts {
  const values = columns.map((column) => `coalesce(cast(${column} as varchar), chr(29))`);
  return { walked: part('walked', { unit: values.length > 0 ? values.join(' || chr(31) || ') : `''` }) };
}
