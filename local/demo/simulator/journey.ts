import { SCANNERS } from './agents.ts';
import { MESSAGES, type MessageId, type MessageTraits } from './messages.ts';
import { baselineOrder, type Order, orderAfter } from './orders.ts';
import type { Person } from './people.ts';
import { Random } from './random.ts';
import { DAY, HOUR, MINUTE } from './time.ts';

/** A request on a personal link. `disguised` is a scanner that poses as a phone: nothing in one request gives it away. */
export interface Tap {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly by: 'person' | 'scanner' | 'disguised';
  readonly method: 'GET' | 'HEAD';
  readonly agent: string;
}

export interface Message {
  readonly id: MessageId;
  /** When the list with the person goes out, epoch milliseconds. */
  readonly at: number;
  readonly fate: 'delivered' | 'failed';
  readonly optsOut: boolean;
  readonly taps: readonly Tap[];
}

/** What a person does in either of two worlds: the arm decides which of them comes true. */
export interface Journey {
  readonly person: Person;
  /** Messages the list holds the person for; somebody in the holdout is on the lists, too, but gets none. */
  readonly messages: readonly Message[];
  readonly ordersIfMessaged: readonly Order[];
  readonly ordersIfNot: readonly Order[];
}

/** Taps follow the receipt, which follows the sending by two minutes. */
const FIRST_TAP = 4 * MINUTE;

/** The journey of a person who joins a list. `start` is the midnight with which day 0 begins, epoch milliseconds. */
export function journeyOf(seed: string, person: Person, start: number): Journey {
  const random = new Random(`${seed}/journey/${person.index}`);
  const baseline = baselineOrder(new Random(`${seed}/baseline/${person.index}`), person, start);
  const messages: Message[] = [];
  let order: Order | null = null;
  let hasTapped = false;
  for (const traits of MESSAGES) {
    const message = messageTo(person, traits, start, hasTapped && !order, random);
    messages.push(message);
    const tapped = message.taps.filter(({ by }) => by === 'person').at(-1) ?? null;
    order ??= message.fate === 'delivered' ? orderAfter(random, person, traits, message.at, tapped) : null;
    hasTapped ||= tapped !== null;
    if (message.optsOut) break;
  }
  return { person, messages, ...ordersOf(order, baseline) };
}

/** Who is moved to buy by a message does not buy again: it only comes sooner, or at all. */
function ordersOf(caused: Order | null, baseline: Order | null) {
  const ordersIfNot = baseline ? [baseline] : [];
  const isSooner = caused && (!baseline || caused.at < baseline.at);
  return { ordersIfMessaged: isSooner ? [caused] : ordersIfNot, ordersIfNot };
}

function messageTo(person: Person, traits: MessageTraits, start: number, isAwaited: boolean, random: Random): Message {
  const at = start + (person.day + random.pick(traits.days)) * DAY + traits.hour * HOUR;
  const fate = random.chance(0.03) ? 'failed' : 'delivered';
  const optsOut = random.chance(0.01) && fate === 'delivered';
  const taps = fate === 'delivered' ? tapsOn(person, traits, at, isAwaited, random) : [];
  return { id: traits.id, at, fate, optsOut, taps };
}

function tapsOn(person: Person, { taps }: MessageTraits, at: number, isAwaited: boolean, random: Random): Tap[] {
  const first = at + FIRST_TAP;
  const scanner = random.pick(SCANNERS);
  const scans: Tap[] = [
    ...(random.chance(0.06) ? [{ at: first, by: 'scanner' as const, ...scanner }] : []),
    ...(random.chance(0.008) ? [{ at: first + 500, by: 'disguised' as const, ...phoneOf(person) }] : []),
  ];
  if (!random.chance(isAwaited ? taps.afterTap : taps.else)) return scans;
  const seen = first + 1_000 + Math.round(Math.min(random.around(20 * MINUTE, 1.2), 10 * HOUR));
  const again = random.chance(0.15) ? [seen + random.between(MINUTE, HOUR)] : [];
  return [...scans, ...[seen, ...again].map((time): Tap => ({ at: time, by: 'person', ...phoneOf(person) }))];
}

const phoneOf = ({ agent }: Person) => ({ method: 'GET', agent }) as const;
