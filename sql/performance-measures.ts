/** Counts of messages. */
export const SENT_COUNTS = ['sent', 'sent_tracked', 'delivered', 'opt_outs', 'opt_outs_tracked', 'unpriced'] as const;

/** Counts of clicks; `_tracked` are those on messages of which receipts are told. */
export const TAP_COUNTS = [
  'clicks',
  'human',
  'clicks_tracked',
  'human_tracked',
  'suspect',
  'bot',
  'anonymous',
] as const;

/** Sums that are counts. */
export const COUNTS = [...SENT_COUNTS, ...TAP_COUNTS] as const;

/**
 * Sums of shares: whole under models that give a conversion to one touch. What is `_clicked` is what is matched by click id and has a
 * touch: rates over clicks count nothing of clicks that they do not divide by.
 */
export const CREDITS = [
  'credit',
  'credit_click',
  'credit_clicked',
  'credit_promo',
  'credit_identity',
  'credit_matched',
  'credit_reversed',
  'credit_sale',
  'refunds',
] as const;

/** Sums of money: in minor units, `cost` in millionths. Each stands twice, as it came and, with `_in`, in the report's currency. */
export const AMOUNTS = [
  'cost',
  'revenue',
  'payout',
  'revenue_click',
  'revenue_clicked',
  'revenue_promo',
  'revenue_identity',
  'revenue_matched',
  'payout_clicked',
  'gross',
  'gross_sale',
  'refunded',
  'pending',
] as const;

type Measure = (typeof COUNTS)[number] | (typeof CREDITS)[number] | (typeof AMOUNTS)[number];

/** A ratio of sums whose interval is clustered by subscriber. */
export interface Ratio {
  readonly name: string;
  readonly over: readonly [numerator: Measure, denominator: Measure];
  /** Unit of the value; money is in the currency of the row. */
  readonly unit: 'ratio' | 'money';
  /** Clocks that both sides run on. */
  readonly bases: readonly string[];
  /** True where it is conversions that limit how precise it is. */
  readonly converts: boolean;
  readonly definition: string;
}

const OF_MONEY: readonly string[] = AMOUNTS;
const SEND = ['send'];
const CLICK = ['send', 'click'];
const ANY = ['send', 'click', 'conversion'];
/** What both sides of a ratio over `delivered` are of. */
export const RECEIPTED = ', both of messages of which receipts are told';
const ATTRIBUTED = ', without what is (unattributed)';
const PAYOUT = 'Payout of conversions matched by click id';

/** The ratios of report `performance`, in the order of its columns. */
export const RATIOS: readonly Ratio[] = [
  of('ctr', ['human_tracked', 'delivered'], SEND, `clicks_human / delivered${RECEIPTED}`),
  of('ctr_gross', ['clicks_tracked', 'delivered'], SEND, `clicks_total / delivered${RECEIPTED}`),
  of('clicks_per_sent', ['human', 'sent'], SEND, 'clicks_human / sent, for senders without receipts'),
  of('ctcr', ['credit_clicked', 'human'], CLICK, `conversions_click / clicks_human${ATTRIBUTED}`),
  of('ctcr_gross', ['credit_clicked', 'clicks'], CLICK, `conversions_click / clicks_total${ATTRIBUTED}`),
  of(
    'rpm',
    ['revenue_matched', 'sent'],
    SEND,
    'Revenue per message (not per 1,000): revenue of matched conversions / sent',
  ),
  of('rpc', ['revenue_clicked', 'human'], CLICK, `revenue_click / clicks_human${ATTRIBUTED}`),
  of('rpc_gross', ['revenue_clicked', 'clicks'], CLICK, `revenue_click / clicks_total${ATTRIBUTED}`),
  of('epc', ['payout_clicked', 'human'], CLICK, `${PAYOUT} / clicks_human${ATTRIBUTED}`),
  of('epc_gross', ['payout_clicked', 'clicks'], CLICK, `${PAYOUT} / clicks_total${ATTRIBUTED}`),
  of('cpa', ['cost', 'credit_matched'], SEND, 'cost / matched conversions'),
  of('roas', ['revenue_matched', 'cost'], SEND, 'Revenue of matched conversions / cost'),
  of('aov', ['gross_sale', 'credit_sale'], ANY, 'Gross revenue of sales / sales that count as conversions'),
  of('reversal_rate', ['credit_reversed', 'credit'], ANY, 'conversions_reversed / conversions'),
];

function of(name: string, over: Ratio['over'], bases: readonly string[], definition: string): Ratio {
  const isMoney = over.some((side) => OF_MONEY.includes(side));
  const converts = over.some((side) => !(COUNTS as readonly string[]).includes(side) && side !== 'cost');
  return { name, over, unit: isMoney && name !== 'roas' ? 'money' : 'ratio', bases, converts, definition };
}

/** Counts of clicks that a ratio may divide: their clusters are added up apart, as `<count>_people` and `<count>_squares`. */
export const TAPPED: readonly string[] = ['human', 'clicks', 'human_tracked', 'clicks_tracked'];

/** Where sums of a ratio stand: once as they came and, where money is in it, once in the report's currency. */
export const variantsOf = ({ over }: Ratio): readonly string[] =>
  over.some((side) => OF_MONEY.includes(side)) ? ['', '_in'] : [''];

/** The column of a measure in a variant. */
export const columnOf = (measure: string, variant: string): string =>
  OF_MONEY.includes(measure) ? `${measure}${variant}` : measure;
