import { verifyClickId } from '../../core/click-id.ts';
import type { Source } from '../../core/entities/source.ts';
import type { EntryOrigin } from '../../core/ledger/record.ts';
import { apiConvention } from '../../core/postback/api-convention.ts';
import { type Item, interpret } from '../../core/postback/interpret.ts';
import { salesOnly } from '../../core/postback/pixel-items.ts';
import { rawRequestOf, type StoredMessage } from '../../core/postback/stored-message.ts';
import { profiles } from '../../core/profiles/index.ts';
import type { ConversionProfile } from '../../core/profiles/profile.ts';
import type { Known } from './known.ts';
import type { AttributionServices, BlobReader } from './services.ts';

/** A message that cannot even be tried, because something of it is gone. */
export class MessageUnreadableError extends Error {
  override readonly name = 'MessageUnreadableError';
}

/** A message as its source’s profile reads it. */
export interface ReadMessage {
  readonly message: StoredMessage;
  readonly source: Source;
  readonly profile: ConversionProfile;
  readonly items: readonly Item[];
}

/** Where entries of a message come from. */
export const originOf = ({ message, source }: ReadMessage): EntryOrigin => ({
  origin: message.origin,
  raw_ref: message.id,
  network: source.profile,
});

/** Interprets a message anew, as its source is configured now. @throws MessageUnreadableError */
export async function readMessage(
  message: StoredMessage,
  known: Known,
  services: AttributionServices,
): Promise<ReadMessage> {
  const stored = await known.source(message.source_id);
  const named = stored && profiles[stored.profile];
  if (!stored || named?.reports !== 'conversions')
    throw new MessageUnreadableError(`there is no source ${message.source_id} that reports conversions`);
  const told = { source: stored, profile: named };
  const { source, profile } = message.origin === 'api' ? apiConvention(stored, named) : told;
  const [body, keyring, accountCurrency] = await Promise.all([
    bodyOf(message, services.blobs),
    services.keys.edge(),
    known.currency(),
  ]);
  const verify = (text: string) => verifyClickId(text, keyring);
  const items = interpret(rawRequestOf(message, body), { profile, source, accountCurrency, verifyClickId: verify });
  return { message, source, profile, items: message.pixel ? items.map(salesOnly) : items };
}

/** The body as it came. @throws MessageUnreadableError where its object is gone */
export async function bodyOf({ id, body, body_ref }: StoredMessage, blobs: BlobReader): Promise<Uint8Array> {
  if (body_ref === null) return Buffer.from(body ?? '', 'base64');
  const bytes = await blobs.get(body_ref);
  if (!bytes) throw new MessageUnreadableError(`the body of message ${id} is gone`);
  return bytes;
}
