import type { ClickRecord } from '../../lambdas/contract/clicks.ts';
import type { ReportRequest } from '../../sql/catalog.ts';
import { attributeOf, type MintedOnce, mintedOnce, type Recipient } from './recipients-sample.ts';

type Row = Record<string, unknown>;

const SHORT: Readonly<Record<string, string>> = {
  campaign: 'campaign_id',
  message: 'message_id',
  offer: 'offer_id',
  link: 'link_no',
  subscriber: 'subscriber_id',
};

/**
 * Report `clicks` counted by hand, without SQL: the definition that the statement is held against. Clicks come once each.
 * Recipients may come many times. Groups are in no order; the total row is last.
 */
export function recount(
  clicks: readonly ClickRecord[],
  request: ReportRequest,
  recipients: readonly Recipient[] = [],
): Row[] {
  const minted = mintedOnce(recipients, request.to);
  const by = [...new Set(request.by.map((name) => SHORT[name] ?? name))];
  const rows = clicks
    .filter(
      ({ ts, outcome, code_kind }) =>
        ts >= request.from &&
        ts < request.to &&
        outcome !== 'validation' &&
        (by.includes('outcome') || code_kind !== 'unknown'),
    )
    .map((click) => {
      const recipient = minted.get(`${click.link_no} ${click.subscriber_no}`);
      return { click, facts: { ...factsOf(click, request.tz), ...recipientFacts(recipient, request) } };
    })
    .filter(({ facts }) =>
      Object.entries(request.filters).every(([name, values]) =>
        values.includes(String(facts[SHORT[name] ?? name] ?? '')),
      ),
    );
  const groups = Map.groupBy(rows, ({ facts }) => JSON.stringify(by.map((name) => facts[name])));
  const counted = by.length === 0 ? [] : [...groups.values()].map((group) => figures(group, by, false));
  return [...counted, figures(rows, by, true)];
}

/** What the dimensions of recipients are for a click; null where nobody was minted. */
function recipientFacts(minted: MintedOnce | undefined, { by, filters }: ReportRequest): Row {
  const asked = [...by, ...Object.keys(filters)].filter((name) => name.startsWith('attr.'));
  const attributes = asked.map((name) => [name, minted ? attributeOf(minted.first, name.slice(5)) : null]);
  const { subscriber_id = null, experiment = null, arm = null } = minted?.drawn ?? {};
  const { account_experiment = null, account_arm = null } = minted?.drawn ?? {};
  return { subscriber_id, experiment, arm, account_experiment, account_arm, ...Object.fromEntries(attributes) };
}

function factsOf(click: ClickRecord, tz: string): Row {
  const part = (options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('en-GB', { timeZone: tz, ...options }).format(click.ts);
  const [dd, mm, yyyy] = part({ day: '2-digit', month: '2-digit', year: 'numeric' }).split('/');
  return {
    ...click,
    reason: click.reasons[0] ?? null,
    day: `${yyyy}-${mm}-${dd}`,
    hour_of_day: Number(part({ hour: '2-digit', hourCycle: 'h23' })),
    weekday: ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part({ weekday: 'short' })) + 1,
  };
}

function figures(rows: readonly { click: ClickRecord; facts: Row }[], by: readonly string[], isTotal: boolean): Row {
  const clicks = rows.map(({ click }) => click);
  const human = clicks.filter(({ actor }) => actor === 'human');
  const known = human.filter(({ subscriber_no }) => subscriber_no !== null);
  const shown = by.map((name) => [name, isTotal ? null : (rows[0]?.facts[name] ?? null)] as const);
  const aliases = Object.entries(SHORT).filter(([, name]) => by.includes(name));
  return {
    ...Object.fromEntries(shown),
    ...Object.fromEntries(aliases.map(([short, name]) => [short, Object.fromEntries(shown)[name]])),
    clicks_total: clicks.length,
    clicks_human: human.length,
    clicks_suspect: clicks.filter(({ actor }) => actor === 'suspect').length,
    clicks_bot: clicks.filter(({ actor }) => actor === 'bot').length,
    clicks_unique: new Set(known.map(({ subscriber_no, campaign_id }) => JSON.stringify([subscriber_no, campaign_id])))
      .size,
    clicks_anonymous: human.length - known.length,
    first_clicks: by.includes('link_no')
      ? new Set(
          known
            .filter(({ link_no }) => link_no !== null)
            .map(({ subscriber_no, link_no }) => `${subscriber_no} ${link_no}`),
        ).size
      : null,
    is_total: isTotal,
  };
}
