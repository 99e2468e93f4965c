import type { MessageId, MessageTraits } from './messages.ts';
import type { Person } from './people.ts';
import type { Random } from './random.ts';
import { DAY, HOUR, MINUTE } from './time.ts';

/** An order at the shop or on the sender's own site. */
export interface Order {
  /** Number at the shop; the same in both worlds only where it is the same order. */
  readonly id: number;
  /** Epoch milliseconds. */
  readonly at: number;
  /** Message that moved the person to buy; null: would have bought anyway. */
  readonly cause: MessageId | null;
  /** `phone`: right after a tap, so the click id is still there; `desktop`: elsewhere, with the code typed; `direct`: without any of us. */
  readonly via: 'phone' | 'desktop' | 'direct';
  /** Who takes the money: the shop's webhooks or the sender's own site tell of it. */
  readonly soldBy: 'shop' | 'site';
  /** The address given at the checkout; not always the one on the list. */
  readonly email: string;
  readonly amountMinor: number;
  readonly refunds: readonly Refund[];
  readonly telling: Telling;
}

export interface Refund {
  readonly id: number;
  readonly at: number;
  readonly amountMinor: number;
}

/** How the news of an order travels. `twice`: a day later the own site reports it, too; `late`: more than a day after. */
export type Telling = 'once' | 'repeated' | 'late' | 'twice' | 'lost';

/** Shops number their orders like this. */
const FIRST_ID = 5_400_000_000;

/** The order that a delivered message moves somebody to; null where it does not. */
export function orderAfter(
  random: Random,
  person: Person,
  traits: MessageTraits,
  sentAt: number,
  tap: { readonly at: number } | null,
): Order | null {
  const buys = random.chance(tap ? traits.buys : traits.codeOnly);
  const isDesktop = random.chance(traits.desktop) || !tap;
  const onPhone = (tap?.at ?? 0) + random.between(3 * MINUTE, 40 * MINUTE);
  const onDesktop = (tap?.at ?? sentAt) + random.between(2 * HOUR, 12 * HOUR);
  const at = isDesktop ? onDesktop : onPhone;
  const details = detailsOf(random, person, at, traits.value, isDesktop ? 'desktop' : 'phone');
  const id = FIRST_ID + person.index * 10 + Number(traits.id.at(-1));
  return buys ? { id, at, cause: traits.id, ...details } : null;
}

/** What somebody buys without any message; most do not, within their first week. */
export function baselineOrder(random: Random, person: Person, start: number): Order | null {
  const buys = random.chance(0.06);
  const at = start + person.day * DAY + 10 * HOUR + Math.floor(random.next() * 6.5 * DAY);
  const details = detailsOf(random, person, at, 5_200, 'direct');
  return buys ? { id: FIRST_ID + person.index * 10, at, cause: null, ...details } : null;
}

function detailsOf(random: Random, person: Person, at: number, median: number, via: Order['via']) {
  const amountMinor = Math.round(random.around(median, 0.35));
  const soldBy = random.chance(0.1) && via === 'phone' ? 'site' : 'shop';
  return {
    via,
    soldBy,
    email: emailOf(random, person),
    amountMinor,
    refunds: refundsOf(random, at, amountMinor, person.index),
    telling: tellingOf(random, via, soldBy),
  } as const;
}

/** Some write their address with capitals, some give another. */
function emailOf(random: Random, { email, index }: Person): string {
  const luck = random.next();
  if (luck < 0.04) return `other${index + 1}@work.example`;
  return luck < 0.2 ? email.toUpperCase() : email;
}

function refundsOf(random: Random, at: number, amountMinor: number, index: number): Refund[] {
  const luck = random.next();
  const id = 900_000_000 + index * 10;
  const soon = at + random.between(3 * HOUR, 30 * HOUR);
  if (luck < 0.04) return [{ id, at: soon, amountMinor }];
  if (luck >= 0.1) return [];
  const part = Math.floor(amountMinor * 0.3);
  // Two equal refunds of one order are two.
  return [part, ...(luck < 0.06 ? [part] : [])].map((share, n) => ({
    id: id + n,
    at: soon + n * HOUR,
    amountMinor: share,
  }));
}

function tellingOf(random: Random, via: Order['via'], soldBy: Order['soldBy']): Telling {
  const luck = random.next();
  if (luck < 0.02) return 'lost';
  if (luck < 0.12) return 'repeated';
  if (luck < 0.17) return 'late';
  return luck < 0.4 && via === 'phone' && soldBy === 'shop' ? 'twice' : 'once';
}
