import type { ClickRecord } from '../../../lambdas/contract/clicks.ts';
import type { ReportRequest } from '../../../sql/catalog.ts';
import { utcDay } from '../clicks-sample.ts';
import type { SendRow } from '../sends-sample.ts';
import { creditFacts } from './credit-facts.ts';
import {
  addressOf,
  amountIn,
  answeredAt,
  answeredSend,
  askedAt,
  EMPTY,
  type Fact,
  peopleOf,
  type World,
  wantedOf,
  windowOf,
} from './world.ts';

const DAY_MS = 86_400_000;
const RECEIPTS_MS = 3 * DAY_MS;

/** First day of arrival of messages that are read: a day before the range; where sends are the clock thirty days more. */
const firstDay = ({ from, basis }: ReportRequest) => utcDay(from - (basis === 'send' ? 30 : 0) * DAY_MS, -1);

/** All there is, as facts on the clock of the request. */
export function factsOf(given: World, request: ReportRequest): Fact[] {
  const sends = given.sends.filter(({ received_at }) => utcDay(received_at) >= firstDay(request));
  // Attribution reads all messages, for the codes they carried.
  const world = { ...given, sends, ledger: { ...given.ledger, sends: given.sends } };
  return [sendFacts, totalFacts, clickFacts, creditFacts].flatMap((facts) => facts(world, request));
}

function sendFacts(world: World, request: ReportRequest): Fact[] {
  const receipts = receiptsOf(world);
  return world.sends.map((send) => sendFact(world, request, send, receipts.has(channelOf(send))));
}

const receiptsOf = ({ sends }: World) =>
  new Set(sends.filter(({ type }) => type === 'delivered' || type === 'failed').map(channelOf));
const channelOf = ({ provider, campaign_id, message_id }: SendRow) =>
  JSON.stringify([provider, campaign_id, message_id]);

function sendFact(world: World, request: ReportRequest, send: SendRow, isTracked: boolean): Fact {
  const { campaign_id, message_id, creative, segment, carrier, subscriber_no, link_no, ts, type, currency } = send;
  const sent = type === 'opt_out' ? 0 : 1;
  const { arm, subscriber_id } = peopleOf(world, request, link_no ?? addressOf(world, request, send), subscriber_no);
  const who = { arm, subscriber_id: send.subscriber_id ?? subscriber_id };
  return {
    ...EMPTY,
    ts,
    dimensions: { campaign_id, message_id, creative, segment, carrier, channel: 'sms', ...who },
    cluster: subscriber_no === null ? `message ${send.id}` : `person ${subscriber_no}`,
    currency,
    isOpen: type === 'sent' && ts > askedAt(request) - RECEIPTS_MS,
    send: {
      sent,
      tracked: isTracked ? sent : 0,
      delivered: isTracked ? Number(type === 'delivered') : null,
      opt_outs: Number(type === 'opt_out'),
      opt_outs_tracked: Number(type === 'opt_out'),
      cost: amountIn(world, wantedOf(request), { currency, own: send.price_micros ?? 0, ts, shift: 0 }),
      isPriced: send.price_micros !== null,
    },
  };
}

function totalFacts(world: World, request: ReportRequest): Fact[] {
  return world.totals.map(({ campaign_id, message_id, currency, ts, sent, delivered, opt_outs, cost_micros }) => ({
    ...EMPTY,
    ts,
    dimensions: { campaign_id, message_id, channel: 'sms' },
    currency,
    isOpen: delivered !== null && delivered < (sent ?? 0) && ts > askedAt(request) - RECEIPTS_MS,
    send: {
      sent: sent ?? 0,
      tracked: delivered === null ? 0 : (sent ?? 0),
      delivered,
      opt_outs: opt_outs ?? 0,
      opt_outs_tracked: delivered === null ? 0 : (opt_outs ?? 0),
      cost: amountIn(world, wantedOf(request), { currency, own: cost_micros ?? 0, ts, shift: 0 }),
      isPriced: cost_micros !== null,
    },
  }));
}

const OF_CLICKS = [
  'campaign_id',
  'message_id',
  'creative',
  'segment',
  'offer_id',
  'partner',
  'link_no',
  'actor',
] as const;

function clickFacts(world: World, request: ReportRequest): Fact[] {
  const counted = world.ledger.clicks.filter(
    ({ code_kind, outcome }) => code_kind !== 'unknown' && outcome !== 'validation',
  );
  const isTracked = trackedClicks(world, request);
  return counted.map((click) => {
    const { link_no, actor, country, subscriber_no, ts } = click;
    const own = Object.fromEntries(OF_CLICKS.map((name) => [name, click[name]]));
    return {
      ...EMPTY,
      ts: request.basis === 'send' ? answeredAt(world, click, click.sent_at) : ts,
      dimensions: { ...own, country, channel: 'sms', ...peopleOf(world, request, link_no, subscriber_no) },
      cluster: subscriber_no === null ? `click ${click.click_id}` : `person ${subscriber_no}`,
      isOpen: actor === 'human' && ts + windowOf(click, request) > askedAt(request),
      click,
      isTracked: isTracked(click),
    };
  });
}

/** Tells clicks on messages of which receipts are told: to that very person, else to anybody in the range; without a message, of the campaign. */
function trackedClicks(world: World, { from, to }: ReportRequest): (click: ClickRecord) => boolean {
  const receipts = receiptsOf(world);
  const told = [
    ...world.sends.filter((send) => send.type !== 'opt_out' && receipts.has(channelOf(send))),
    ...world.totals.filter(({ sent, delivered }) => delivered !== null && (sent ?? 0) > 0),
  ].filter(({ ts }) => ts >= from && ts < to);
  return (click) => {
    const own = answeredSend(world, click);
    if (own) return receipts.has(channelOf(own));
    const { campaign_id, message_id } = click;
    return told.some((one) => one.campaign_id === campaign_id && (message_id ?? one.message_id) === one.message_id);
  };
}
