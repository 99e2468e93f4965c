import { inOrder } from '../../../lambdas/core/attribution/order.ts';
import { buildPaths, type Journey } from '../../../lambdas/core/attribution/paths.ts';
import type { Path, Touch } from '../../../lambdas/core/attribution/types.ts';
import { windowMs } from '../../../lambdas/core/attribution/window.ts';
import type { ReportRequest } from '../../../sql/catalog.ts';
import { type Credited, type Facts, isCounted, ofClick, ofImported, recount, windowed } from './recount.ts';
import { CHOICE, RULES } from './sample.ts';

interface Owned {
  readonly journey: string;
  readonly touch: Touch;
}

const unit = ({ message_id }: Touch) => message_id ?? '-';
const anonymous = (link_no: number | null, nonce: number | null) => `click ${link_no} ${nonce}`;

/** Paths of a request by message, as the core library builds them; money is revenue in dollars. */
export function pathsOf(facts: Facts, request: ReportRequest, matureAt: number | null): Path[] {
  const { choice, rules } = request.terms ?? { choice: CHOICE, rules: RULES };
  const window = choice.window === null ? null : windowMs(choice.window);
  const linear = recount(facts, { rules, choice: { ...choice, model: 'linear' } });
  const credited = Map.groupBy(linear, ({ entry }) => entry.conversion_id);
  const inRange = [...credited.values()].map((rows) =>
    rows.filter(({ entry }) => isWithin(entry.occurred_at, request)),
  );
  const converted = inRange.filter((rows) => rows.length > 0);
  const owners = new Set(converted.flatMap((rows) => ownersOf(rows, request)));
  const journeys = Map.groupBy(roaming(facts, request, window), ({ journey }) => journey);
  const idle = [...journeys].filter(([journey]) => !owners.has(journey));
  return buildPaths(
    [
      ...converted.map((rows) => ({ touches: [], conversions: [walkOf(rows, request)] })),
      ...idle.map(([, owned]) => ({ touches: owned.map(({ touch }) => touch).toSorted(inOrder), conversions: [] })),
    ],
    { unit, matureAt, window },
  );
}

const isWithin = (time: number, { from, to }: ReportRequest) => time >= from && time < to;

/** Journeys that ended in a conversion: its subscriber's, and its click's. */
function ownersOf([row]: readonly Credited[], request: ReportRequest): string[] {
  if (!row || !isWithin(row.entry.converted_at, request)) return [];
  const { subscriber_no, link_no, nonce } = row.entry;
  return [`subscriber ${subscriber_no}`, anonymous(link_no ?? null, nonce ?? null)];
}

/** Touches that count and whose window reaches into the range. */
function roaming({ clicks, imported }: Facts, { from, to, terms }: ReportRequest, window: number | null): Owned[] {
  const { choice, rules } = terms ?? { choice: CHOICE, rules: RULES };
  const wanted = clicks.filter((click) => isCounted(click) && choice.actors.includes(click.actor));
  const owned = [
    ...wanted.map((click) => ({
      journey:
        click.subscriber_no === null ? anonymous(click.link_no, click.nonce) : `subscriber ${click.subscriber_no}`,
      touch: windowed(rules)(ofClick(click, click.click_id)),
    })),
    ...imported
      .filter(({ subscriber_no }) => subscriber_no !== null)
      .map((row) => ({ journey: `subscriber ${row.subscriber_no}`, touch: windowed(rules)(ofImported(row)) })),
  ];
  return owned.filter(({ touch }) => touch.ts < to && touch.ts + (window ?? touch.window_ms) >= from);
}

/** A conversion as its path is walked: its touches, whether it counts, what it brought in the range. */
function walkOf(rows: readonly Credited[], { terms }: ReportRequest): Journey['conversions'][number] {
  const { campaign_events, events } = terms?.rules ?? RULES;
  const isCounting = ({ entry, counts }: Credited) =>
    counts && entry.status !== 'rejected' && (campaign_events[entry.campaign_id ?? ''] ?? events).includes(entry.event);
  const touches = [...new Set(rows.flatMap(({ touch }) => (touch ? [touch] : [])))];
  return {
    touches: touches.map((touch) => ({ touch, age_ms: 0 })),
    count: rows.some(isCounting) ? 1 : 0,
    money_minor: rows.filter(({ entry }) => entry.currency === 'USD').reduce((sum, { revenue }) => sum + revenue, 0),
  };
}
