import type { Verdict } from '../verdict.ts';
import { inOrder } from './order.ts';
import type { Conversion, Eligible, PathTouch, Touch, Unattributed } from './types.ts';
import { ageAt } from './window.ts';

/** Which touches may count. */
export interface TouchOptions {
  /** One window for all touches, milliseconds; null: each touch's own. @default null */
  readonly window?: number | null;
  /** Verdicts of clicks that count. @default ['human'] */
  readonly actors?: readonly Verdict['actor'][];
  /** Kinds of imported touches that count. @default all */
  readonly imported?: readonly Touch['kind'][];
}

type Wanted = (touch: Touch) => boolean;

const none = (reason: Unattributed): Eligible => ({ touches: [], reason });

function wantedBy({ actors = ['human'], imported }: TouchOptions): Wanted {
  return ({ kind, imported: foreign, actor }) => {
    if (foreign) return imported?.includes(kind) ?? true;
    return kind === 'click' && actor !== null && actors.includes(actor);
  };
}

const isNamed = (conversion: Conversion, touch: Touch): boolean =>
  conversion.match === 'click_id' &&
  touch.kind === 'click' &&
  !touch.imported &&
  touch.touch_id === conversion.click_id;

/** Clicks that led where the named one led: to the same offer, without an offer over the same link. */
const sameOffer = (named: Touch, touch: Touch): boolean =>
  touch.kind === 'click' &&
  (named.offer_id === null
    ? named.link_no !== null && touch.link_no === named.link_no && touch.offer_id === null
    : touch.offer_id === named.offer_id);

/** The touches that belong to a conversion whatever their time. A click by nobody known stands alone. */
function belonging(conversion: Conversion, named: Touch | undefined, wanted: readonly Touch[]): readonly Touch[] {
  const { subscriber_no } = conversion;
  if (named && (named.subscriber_no === null || subscriber_no === null)) return [named];
  if (subscriber_no === null) return [];
  const own = wanted.filter((touch) => touch.subscriber_no === subscriber_no);
  if (conversion.source_kind !== 'network') return own;
  return named ? own.filter((touch) => sameOffer(named, touch)) : [];
}

/**
 * The redeemed code as a touch: with the fields of the latest message that had carried it to this subscriber by then,
 * at the time of the conversion, because that is when it was redeemed. No window: how long a code counts, the code says.
 */
function redeemedCode({ subscriber_no, promo_code, occurred_at }: Conversion, touches: readonly Touch[]): Touch[] {
  const carriers = touches.filter(
    (touch) =>
      touch.kind === 'code' &&
      touch.touch_id === promo_code &&
      touch.subscriber_no !== null &&
      touch.subscriber_no === subscriber_no &&
      ageAt(occurred_at, touch.ts) !== null,
  );
  return carriers
    .toSorted(inOrder)
    .slice(-1)
    .map((touch) => ({ ...touch, ts: occurred_at }));
}

function withAges({ occurred_at }: Conversion, touches: readonly Touch[], window: number | null): PathTouch[] {
  return touches.flatMap((touch) => {
    const age_ms = ageAt(occurred_at, touch.ts);
    return age_ms !== null && age_ms <= (window ?? touch.window_ms) ? [{ touch, age_ms }] : [];
  });
}

/** Why none of the touches that belong to it counts. */
function reasonFor({ occurred_at }: Conversion, belonging: readonly Touch[]): Unattributed {
  if (belonging.length === 0) return 'no_touch';
  const before = belonging.some((touch) => ageAt(occurred_at, touch.ts) !== null);
  return before ? 'outside_window' : 'touch_after_conversion';
}

/**
 * The touches of a conversion, in order, with 0 <= age <= window, both ends included:
 * - shop and own sources: the subscriber's human clicks and imported touches. Where no human click of ours is among
 *   them, a redeemed code is a touch too;
 * - networks: clicks that led to the same offer as the click named (over the same link where there is no offer). The
 *   named click stands last, whatever was clicked after it, and without it, outside its window, there is no path;
 * - a click without a subscriber is a path of one;
 * - a conversion on a click that is not wanted (a bot's) has no path, and the reason `bot_click`.
 *
 * @param touches any superset of what may count: clicks of every verdict, imported touches, messages with codes
 */
export function eligibleTouches(
  conversion: Conversion,
  touches: readonly Touch[],
  options: TouchOptions = {},
): Eligible {
  if (conversion.match === 'none') return none('unmatched');
  const wanted = wantedBy(options);
  const named = touches.find((touch) => isNamed(conversion, touch));
  if (named && !wanted(named)) return none('bot_click');
  const candidates = belonging(conversion, named, touches.filter(wanted));
  const inWindow = withAges(conversion, candidates, options.window ?? null);
  if (conversion.source_kind === 'network') return namedLast(conversion, inWindow, candidates);
  const clicked = inWindow.some(({ touch }) => !touch.imported);
  const code = clicked ? [] : redeemedCode(conversion, touches).map((touch) => ({ touch, age_ms: 0 }));
  const path = [...inWindow, ...code].toSorted((a, b) => inOrder(a.touch, b.touch));
  return path.length > 0 ? { touches: path, reason: null } : none(reasonFor(conversion, candidates));
}

/** A network's path: in order, but for the click it named, which is the last. */
function namedLast(conversion: Conversion, inWindow: readonly PathTouch[], candidates: readonly Touch[]): Eligible {
  const named = inWindow.filter(({ touch }) => isNamed(conversion, touch));
  if (named.length === 0)
    return none(
      reasonFor(
        conversion,
        candidates.filter((touch) => isNamed(conversion, touch)),
      ),
    );
  const others = inWindow.filter(({ touch }) => !isNamed(conversion, touch));
  return { touches: [...others.toSorted((a, b) => inOrder(a.touch, b.touch)), ...named], reason: null };
}
