import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { ItemOutcome } from '../adapters/attribution/item-outcome.ts';
import { openLedger } from '../adapters/attribution/ledger.ts';
import { type MessageOutcome, processMessages } from '../adapters/attribution/process.ts';
import type { AttributionServices } from '../adapters/attribution/services.ts';
import type { StoredMessage } from '../core/postback/stored-message.ts';

export type AttributeHandler = (event: Pick<SQSEvent, 'Records'>) => Promise<SQSBatchResponse>;

/** Makes the consumer of the queue of messages. Those that fail are named, so that only they come again. */
export function createAttribute(services: AttributionServices): AttributeHandler {
  const ledger = openLedger(services);
  return async ({ Records }) => {
    const read = Records.map(({ messageId, body }) => ({ messageId, message: parsed(body) }));
    const known = read.filter((one): one is { messageId: string; message: StoredMessage } => one.message !== null);
    const outcomes = await processMessages(
      known.map(({ message }) => message),
      ledger,
    );
    count(outcomes, services);
    const failed = known.filter((_, at) => 'error' in (outcomes[at] ?? {})).map(({ messageId }) => messageId);
    const unreadable = read.filter(({ message }) => message === null).map(({ messageId }) => messageId);
    return { batchItemFailures: [...failed, ...unreadable].map((itemIdentifier) => ({ itemIdentifier })) };
  };
}

/** Only what nobody of ours sent cannot be parsed: it ends among the dead letters, where somebody sees it. */
function parsed(body: string): StoredMessage | null {
  try {
    const message: unknown = JSON.parse(body);
    return typeof message === 'object' && message !== null && 'source_id' in message
      ? (message as StoredMessage)
      : null;
  } catch {
    return null;
  }
}

/** Figures for the alarms, one line a batch. */
function count(outcomes: readonly MessageOutcome[], { log }: AttributionServices): void {
  const done = outcomes.flatMap((outcome) => ('items' in outcome ? [outcome] : []));
  const items = done.flatMap((outcome) => outcome.items);
  const ofNetworks = done.flatMap((outcome) => (outcome.kind === 'network' ? outcome.items : []));
  const errors = outcomes.flatMap((outcome) => ('error' in outcome ? [outcome.error] : []));
  const named = errors.map((error) => (error instanceof Error ? error.name : 'unknown'));
  log('attribute:batch', {
    messages: outcomes.length,
    failed: errors.length,
    ...(errors.length > 0 && { errors: [...new Set(named)] }),
    items: items.length,
    quarantined: items.filter(({ event }) => event.outcome === 'quarantined').length,
    network_items: ofNetworks.length,
    network_unmatched: ofNetworks.filter(lacksClick).length,
  });
}

const lacksClick = ({ faults }: ItemOutcome) => faults.some(({ parameter }) => parameter === 'click_id');
