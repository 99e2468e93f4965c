import type { ItemOutcome } from '../../adapters/attribution/item-outcome.ts';
import { processMessages } from '../../adapters/attribution/process.ts';
import { type Fault, fault } from '../../core/api/problem.ts';
import type { SourceEvent } from '../../core/ledger/source-event.ts';
import { type ConversionInput, conversionInput, reportsConversions } from '../../core/postback/api-convention.ts';
import { REASONS, sentenceOf, toldAgain } from '../../core/postback/reasons.ts';
import { archivedMessage, type StoredMessage } from '../../core/postback/stored-message.ts';
import { batchBody, type Item, type ItemResult, readItems, rejection } from '../batch.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import type { ApiServices } from '../services.ts';

interface Told extends Item<ConversionInput> {
  readonly message: StoredMessage;
}

/**
 * Takes conversions as a postback's message is taken, but at once: what is accepted is in the ledger when this answers. A faulty item
 * goes back to the caller and is kept nowhere.
 * @param batchId the same for every attempt of one call
 */
export async function enterConversions(
  request: ApiRequest,
  batchId: string,
  services: ApiServices,
): Promise<ApiResponse> {
  const { items, rejected } = readItems(request.body, conversionInput);
  const { told, unknown } = await ofKnownSources(items, batchId, services);
  const messages = told.map(({ message }) => message);
  if (messages.length > 0) await services.streams.put('postbacks', messages.map(archivedMessage));
  const outcomes = await processMessages(messages, services.ledger, { faulty: 'tell' });
  const [failed] = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
  // Those that went through are found again when the caller repeats the batch.
  if (failed) throw failed;
  const done = outcomes.flatMap((outcome) => ('items' in outcome ? outcome.items.slice(0, 1) : []));
  const first = await services.ledger.events.get(done.filter(isDuplicate).map(({ event }) => event.id));
  const results = told.flatMap(({ index }, at): ItemResult[] => {
    const item = done[at];
    return item ? [resultOf(index, item, first.get(item.event.id))] : [];
  });
  return { status: 200, body: batchBody([...rejected, ...unknown, ...results]) };
}

const isDuplicate = ({ event }: ItemOutcome) => event.outcome === 'duplicate';

async function ofKnownSources(items: readonly Item<ConversionInput>[], batchId: string, services: ApiServices) {
  const told: Told[] = [];
  const unknown: ItemResult[] = [];
  const received_at = services.now();
  for (const item of items) {
    const { source: id, ...parameters } = item.data;
    const source = await services.ledger.known.source(id);
    if (source && reportsConversions(source))
      told.push({ ...item, message: messageOf(id, parameters, batchId, item.index, received_at) });
    else
      unknown.push(
        rejection(item.index, null, [
          fault('source', 'no_such_source', `there is no source ${id} that reports conversions: create it first`),
        ]),
      );
  }
  return { told, unknown };
}

const messageOf = (
  source_id: string,
  parameters: object,
  batchId: string,
  place: number,
  received_at: number,
): StoredMessage => ({
  id: `${batchId}-${place}`,
  place,
  source_id,
  received_at,
  method: 'POST',
  query: '',
  content_type: 'application/json',
  headers: {},
  body: Buffer.from(JSON.stringify(parameters)).toString('base64'),
  body_ref: null,
  origin: 'api',
});

/** @param first what an earlier attempt of the same call came to */
function resultOf(index: number, { event, faults }: ItemOutcome, first: SourceEvent | undefined): ItemResult {
  const { outcome, reason, conversion_id, duplicate_of } = first ?? event;
  const id = conversion_id ?? duplicate_of;
  if (outcome === 'accepted' || outcome === 'adjusted') return { index, status: 'accepted', id, errors: [] };
  if (outcome === 'duplicate') return { index, status: 'duplicate', id, errors: [] };
  const told = faults.map((one): Fault => fault(one.parameter ?? '', one.code, toldAgain(sentenceOf(one))));
  return {
    index,
    status: 'rejected',
    id,
    errors: told.length > 0 ? told : reason ? [fault('', reason, toldAgain(REASONS[reason]))] : [],
  };
}
