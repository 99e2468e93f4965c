import type { Journey, Message } from './journey.ts';
import { MESSAGE_IDS, type MessageId } from './messages.ts';
import type { Order } from './orders.ts';
import { DAY } from './time.ts';

export type Arm = 'treatment' | 'holdout';

/** What really happened with one message. */
export interface MessageTruth {
  readonly sent: number;
  readonly delivered: number;
  readonly taps: Readonly<Record<'person' | 'scanner' | 'disguised', number>>;
  /** Orders that it moved people to, lost news included. */
  readonly orders: number;
  /** Of these, those made on the phone right after a tap, the news of which came through. */
  readonly clickOrders: number;
  /** Net of refunds, in cents, of all its orders. */
  readonly netMinor: number;
}

export interface Sums {
  readonly orders: number;
  readonly grossMinor: number;
  readonly refundedMinor: number;
  readonly refunds: number;
}

/** What really happened, known because it was simulated. */
export interface Truth {
  readonly messages: Readonly<Record<MessageId, MessageTruth>>;
  /** Orders whose news came through, and those whose news was lost on its way. */
  readonly told: Sums;
  readonly lost: Sums;
  /** Of those told, by the best key that came along. */
  readonly byMatch: Readonly<Record<'click_id' | 'promo_code' | 'identity' | 'none', number>>;
  /** Over everybody, had all been messaged or none: what an experiment estimates. */
  readonly lift: {
    readonly ifMessaged: number;
    readonly ifNot: number;
    readonly diff: number;
    readonly revenueDiffMinor: number;
  };
}

/** The truth, once the arms are drawn. `window` is how long after joining an order counts for lift, in days. */
export function truthOf(journeys: readonly Journey[], arms: ReadonlyMap<string, Arm>, window: number): Truth {
  const messaged = journeys.filter(({ person }) => arms.get(person.id) === 'treatment');
  const orders = journeys.flatMap((journey) => ordersOf(journey, arms));
  const told = orders.filter(({ order }) => order.telling !== 'lost');
  const count = (match: string) => told.filter((one) => matchOf(one) === match).length;
  return {
    messages: Object.fromEntries(MESSAGE_IDS.map((id) => [id, messageTruth(id, messaged)])) as Truth['messages'],
    told: sumsOf(told.map(({ order }) => order)),
    lost: sumsOf(orders.map(({ order }) => order).filter(({ telling }) => telling === 'lost')),
    byMatch: {
      click_id: count('click_id'),
      promo_code: count('promo_code'),
      identity: count('identity'),
      none: count('none'),
    },
    lift: liftOf(journeys, window),
  };
}

/** Orders of the world that came true for the person. */
export function ordersOf(journey: Journey, arms: ReadonlyMap<string, Arm>) {
  const isMessaged = arms.get(journey.person.id) === 'treatment';
  return (isMessaged ? journey.ordersIfMessaged : journey.ordersIfNot).map((order) => ({
    order,
    person: journey.person,
  }));
}

/** What a shop's message about the order can be matched by. */
function matchOf({ order, person }: ReturnType<typeof ordersOf>[number]) {
  if (order.via === 'phone') return 'click_id';
  if (order.via === 'desktop') return 'promo_code';
  return order.email.toLowerCase() === person.email ? 'identity' : 'none';
}

const refunded = ({ refunds }: Order) => refunds.reduce((sum, { amountMinor }) => sum + amountMinor, 0);
const net = (order: Order) => order.amountMinor - refunded(order);
const sum = <T>(list: readonly T[], of: (one: T) => number) => list.reduce((total, one) => total + of(one), 0);

function sumsOf(orders: readonly Order[]): Sums {
  return {
    orders: orders.length,
    grossMinor: sum(orders, ({ amountMinor }) => amountMinor),
    refundedMinor: sum(orders, refunded),
    refunds: sum(orders, ({ refunds }) => refunds.length),
  };
}

function messageTruth(id: MessageId, messaged: readonly Journey[]): MessageTruth {
  const copies = messaged.flatMap(({ messages }) => messages.filter((message) => message.id === id));
  const orders = messaged.flatMap(({ ordersIfMessaged }) => ordersIfMessaged.filter(({ cause }) => cause === id));
  const taps = (by: string) => sum(copies, (copy: Message) => copy.taps.filter((tap) => tap.by === by).length);
  return {
    sent: copies.length,
    delivered: copies.filter(({ fate }) => fate === 'delivered').length,
    taps: { person: taps('person'), scanner: taps('scanner'), disguised: taps('disguised') },
    orders: orders.length,
    clickOrders: orders.filter(({ via, telling }) => via === 'phone' && telling !== 'lost').length,
    netMinor: sum(orders, net),
  };
}

function liftOf(journeys: readonly Journey[], window: number): Truth['lift'] {
  const joined = (journey: Journey) => journey.messages[0]?.at ?? 0;
  const within = (journey: Journey, orders: readonly Order[]) =>
    orders.filter(({ at }) => at - joined(journey) <= window * DAY);
  const share = (side: 'ordersIfMessaged' | 'ordersIfNot') =>
    sum(journeys, (journey) => (within(journey, journey[side]).length > 0 ? 1 : 0)) / journeys.length;
  const revenue = (side: 'ordersIfMessaged' | 'ordersIfNot') =>
    sum(journeys, (journey) => sum(within(journey, journey[side]), net)) / journeys.length;
  const [ifMessaged, ifNot] = [share('ordersIfMessaged'), share('ordersIfNot')];
  return {
    ifMessaged,
    ifNot,
    diff: ifMessaged - ifNot,
    revenueDiffMinor: revenue('ordersIfMessaged') - revenue('ordersIfNot'),
  };
}
