import { bodyOf, readMessage } from '../../adapters/attribution/read-message.ts';
import { reasonsOf } from '../../adapters/attribution/replay.ts';
import type { Quarantined } from '../../adapters/quarantine-item.ts';
import type { Item } from '../../core/postback/interpret.ts';
import { type Fault, REASONS, sentenceOf } from '../../core/postback/reasons.ts';
import { redactBody, redactPairs, redactParameter } from '../../core/postback/redact.ts';
import type { ApiServices } from '../services.ts';

/** Characters of a body that are shown. */
const MAX_BODY = 20_000;
/** Items of a message that are shown. */
const MAX_ITEMS = 50;

/** A message in quarantine as lists show it. */
export function listed({ id, source_id, received_at, quarantined_at, parts, replays }: Quarantined) {
  return {
    id,
    source_id,
    received_at: new Date(received_at).toISOString(),
    quarantined_at: new Date(quarantined_at).toISOString(),
    reasons: reasonsOf(parts.flatMap(({ faults }) => faults)),
    items: parts.length,
    replays,
  };
}

/** The same of one that was dismissed, with who did it and when; nothing more of one that was not. */
export const dismissedView = (one: Quarantined) => ({
  ...listed(one),
  ...(one.dismissed && {
    dismissed_at: new Date(one.dismissed.at).toISOString(),
    dismissed_by: one.dismissed.token_name,
  }),
});

export const shownFault = (fault: Fault) => ({ ...fault, message: sentenceOf(fault) });

/** A message in quarantine with what came and how it would be read now. What is private is hidden. */
export async function shown(quarantined: Quarantined, services: ApiServices) {
  const { message, parts } = quarantined;
  const { method, query, headers, content_type, origin } = message;
  return {
    ...dismissedView(quarantined),
    faults: parts.map(({ part, faults }) => ({ item: part, faults: faults.map(shownFault) })),
    raw: {
      method,
      origin,
      query: redactPairs(query),
      content_type,
      headers: Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, redactParameter(name, value)])),
      body: await shownBody(quarantined, services),
    },
    now: await readNow(quarantined, services),
  };
}

async function shownBody({ message }: Quarantined, { ledger }: ApiServices): Promise<string | null> {
  const bytes = await bodyOf(message, ledger.services.blobs).catch(() => null);
  if (!bytes) return null;
  const text = redactBody(Buffer.from(bytes).toString('utf8'), message.content_type);
  return text.length > MAX_BODY ? `${text.slice(0, MAX_BODY)}…` : text;
}

/** How the source as it is configured now reads each item: what a replay would do, but for the ledger. */
async function readNow({ message }: Quarantined, { ledger }: ApiServices) {
  const read = await readMessage(message, ledger.known.anew(), ledger.services).catch(() => null);
  return read?.items.slice(0, MAX_ITEMS).map(asRead) ?? null;
}

function asRead(item: Item) {
  return {
    item: item.part,
    outcome: item.outcome,
    reason: item.outcome === 'ignored' ? item.reason : null,
    message: item.outcome === 'ignored' ? REASONS[item.reason] : null,
    faults: item.outcome === 'quarantined' ? item.faults.map(shownFault) : [],
    notes: item.notes.map(shownFault),
    fields: item.readings.map(({ parameter, path, value }) => ({
      parameter,
      path,
      value: redactParameter(parameter, value),
    })),
  };
}
