import { createHmac } from 'node:crypto';
import type { SendType } from '../../contract/sends.ts';
import { parsePairs, type RawRequest } from '../postback/request.ts';
import { sameText } from '../postback/secrets.ts';

/**
 * Twilio's signature: base64 HMAC-SHA-1, under the account's auth token, of the URL as Twilio called it (query included, without a
 * fragment) and behind it each form field's name and value, sorted by name (https://www.twilio.com/docs/usage/security#validating-requests).
 */
export function twilioSignatureFault(
  request: RawRequest,
  url: string,
  secret: string,
): 'signature_missing' | 'bad_signature' | null {
  const presented = request.headers['x-twilio-signature'];
  if (!presented) return 'signature_missing';
  const fields = parsePairs(Buffer.from(request.body).toString('utf8'));
  return sameText(presented.trim(), twilioSignature(url, fields, secret)) ? null : 'bad_signature';
}

/** The signature of a call. A field that comes several times is signed with each of its different values, sorted. */
export function twilioSignature(url: string, fields: readonly (readonly [string, string])[], secret: string): string {
  const distinct = new Map(fields.map(([name, value]) => [JSON.stringify([name, value]), [name, value] as const]));
  const sorted = [...distinct.values()].toSorted(
    ([a, x], [b, y]) =>
      Buffer.compare(Buffer.from(a), Buffer.from(b)) || Buffer.compare(Buffer.from(x), Buffer.from(y)),
  );
  const signed = url + sorted.map(([name, value]) => name + value).join('');
  return createHmac('sha1', secret).update(signed, 'utf8').digest('base64');
}

/** What a call says of a message. */
export interface TwilioEvent {
  readonly id: string;
  readonly type: SendType;
  readonly is_final: boolean | null;
  readonly detail: string;
}

/** Twilio's words for a status (https://www.twilio.com/docs/messaging/api/message-resource#message-status-values). */
const STATUSES: Readonly<Record<string, { readonly type: SendType; readonly isFinal?: true }>> = {
  accepted: { type: 'queued' },
  scheduled: { type: 'queued' },
  queued: { type: 'queued' },
  sending: { type: 'queued' },
  sent: { type: 'sent' },
  delivered: { type: 'delivered', isFinal: true },
  partially_delivered: { type: 'delivered' },
  read: { type: 'delivered', isFinal: true },
  undelivered: { type: 'failed', isFinal: true },
  failed: { type: 'failed', isFinal: true },
  canceled: { type: 'failed', isFinal: true },
};

/** What one of Twilio's words for a status means; undefined where it is none. */
export function sendTypeOf(word: string): SendType | undefined {
  return Object.hasOwn(STATUSES, word) ? STATUSES[word]?.type : undefined;
}

/** What a person answered: Twilio names it where it handles the usual words by itself (Advanced Opt-Out). */
const ANSWERS: Readonly<Record<string, SendType>> = { STOP: 'opt_out', START: 'opt_in' };

/** Reads a call's form; null where it says nothing of a delivery, as other messages to the same URL do. */
export function readTwilio(body: Uint8Array): TwilioEvent | null {
  const fields = new Map(parsePairs(Buffer.from(body).toString('utf8')));
  const id = fields.get('MessageSid') || fields.get('SmsSid') || '';
  const status = (fields.get('MessageStatus') || fields.get('SmsStatus') || '').toLowerCase();
  const answer = fields.get('OptOutType')?.toUpperCase() ?? '';
  if (id === '' || id.length > 64) return null;
  const told = Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined;
  const code = fields.get('ErrorCode');
  if (told) {
    const detail = code ? `${status} ${code.slice(0, 20)}` : status;
    return { id, type: told.type, is_final: told.isFinal ?? null, detail };
  }
  const type = Object.hasOwn(ANSWERS, answer) ? ANSWERS[answer] : undefined;
  return type ? { id, type, is_final: null, detail: answer } : null;
}
