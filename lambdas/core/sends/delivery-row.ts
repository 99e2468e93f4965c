import type { CarriedNames } from './names.ts';
import { type ListPrice, listPrice, type SendRow, type SendSubject } from './send-row.ts';
import type { TwilioEvent } from './twilio.ts';

/**
 * The row of a status callback. The provider tells neither time nor price: it happened when we were told, and costs what the
 * price list says.
 * @param names what the callback's URL carries; counts where nothing better was found
 */
export function deliveryRow(
  event: TwilioEvent,
  names: CarriedNames,
  found: SendSubject | null,
  told: { readonly provider: string; readonly at: number; readonly price: ListPrice | null },
): SendRow {
  const parts = names.parts ?? null;
  return {
    ...event,
    ts: told.at,
    received_at: told.at,
    requested_at: null,
    campaign_id: found?.campaign_id ?? names.campaign_id ?? null,
    message_id: found?.message_id ?? names.message_id ?? null,
    creative: found?.creative ?? names.creative ?? null,
    segment: found?.segment ?? names.segment ?? null,
    link_no: found?.link_no ?? names.link_no ?? null,
    subscriber_no: found?.subscriber_no ?? names.subscriber_no ?? null,
    subscriber_id: found?.subscriber_id ?? names.subscriber_id ?? null,
    provider: told.provider,
    parts,
    encoding: null,
    ...listPrice(event.type, parts, told.price),
    country: null,
    carrier: null,
  };
}
