import { parsePairs, type RawRequest } from '../core/postback/request.ts';
import { deliveryRow } from '../core/sends/delivery-row.ts';
import { type CarriedNames, carriedNames } from '../core/sends/names.ts';
import type { SendSubject } from '../core/sends/send-row.ts';
import { subjectOf } from '../core/sends/subject.ts';
import { readTwilio } from '../core/sends/twilio.ts';
import type { EventStreams } from './event-streams.ts';
import { readPriceList } from './price-list.ts';
import { readSendFacts, type SendFactsSources } from './send-facts.ts';

export interface DeliveryInlet extends SendFactsSources {
  readonly streams: Pick<EventStreams, 'put'>;
}

/**
 * Takes an authenticated status callback of a source with a delivery profile: it is durable when this resolves.
 * @returns false where the callback says nothing of a delivery: there is nothing to store
 * @throws StreamBusyError where it could not be stored: the provider may send it again
 */
export async function storeDelivery(request: RawRequest, sourceId: string, inlet: DeliveryInlet): Promise<boolean> {
  const event = readTwilio(request.body);
  if (!event) return false;
  const names = carriedNames(parsePairs(request.query));
  const found = await subjectIn(names, inlet);
  const campaign = found?.campaign_id ?? names.campaign_id ?? null;
  const prices = await readPriceList(inlet.linksTable, [campaign]);
  const told = { provider: sourceId, at: request.received_at, price: prices(campaign) };
  await inlet.streams.put('sends', [deliveryRow(event, names, found, told)]);
  return true;
}

/** What the names lead to. A code that nobody minted, or a link that is gone, must not lose the delivery. */
async function subjectIn(names: CarriedNames, inlet: DeliveryInlet): Promise<SendSubject | null> {
  const result = subjectOf(names, await readSendFacts([names], inlet));
  return 'subject' in result ? result.subject : null;
}
