import { mintClickId, verifyClickId } from '../../../lambdas/core/click-id.ts';
import { sourceInput } from '../../../lambdas/core/entities/source.ts';
import { parseKeyring } from '../../../lambdas/core/keyring.ts';
import { type Interpreter, type Item, interpret } from '../../../lambdas/core/postback/interpret.ts';
import type { RawRequest } from '../../../lambdas/core/postback/request.ts';
import { profiles } from '../../../lambdas/core/profiles/index.ts';

export const NOW = Date.parse('2026-06-01T12:00:00Z');
const keyring = parseKeyring(JSON.stringify({ key_1: 'k'.repeat(64) }));
const fields = { time: NOW - 5_400_000, linkNo: 7, subscriberNo: 42, nonce: 1 };

/** A click 90 minutes before {@link NOW}, and ids that only look like one. */
export const CLICK = mintClickId(fields, keyring.minting(NOW));
export const UNSIGNED = mintClickId(fields, null);
export const FORGED = CLICK.slice(0, -1) + (CLICK.endsWith('0') ? '1' : '0');
export const CLICK_FIELDS = fields;

/** A source of a profile as the API would store it. */
export function interpreterOf(profile: string, source: Record<string, unknown> = {}): Interpreter {
  const known = profiles[profile];
  if (known?.reports !== 'conversions') throw new Error(`${profile} reports no conversions`);
  return {
    profile: known,
    source: { id: `my-${profile}`, ...sourceInput.parse({ profile, ...source }) },
    accountCurrency: 'USD',
    verifyClickId: (text) => verifyClickId(text, keyring),
  };
}

export interface Sent {
  readonly query?: string;
  readonly json?: unknown;
  readonly form?: string;
  readonly body?: Uint8Array;
  readonly headers?: Record<string, string>;
}

export function requestOf({ query = '', json, form, body, headers = {} }: Sent): RawRequest {
  const type =
    json === undefined
      ? form === undefined
        ? {}
        : { 'content-type': 'application/x-www-form-urlencoded' }
      : { 'content-type': 'application/json; charset=utf-8' };
  const text = json === undefined ? (form ?? '') : typeof json === 'string' ? json : JSON.stringify(json);
  return {
    method: text === '' && !body ? 'GET' : 'POST',
    query,
    headers: { ...type, ...headers },
    body: body ?? Buffer.from(text),
    received_at: NOW,
  };
}

export const read = (profile: string, sent: Sent, source?: Record<string, unknown>): readonly Item[] =>
  interpret(requestOf(sent), interpreterOf(profile, source));

/** The conversions of a request, all of whose items must be one. */
export function conversionsOf(profile: string, sent: Sent, source?: Record<string, unknown>) {
  return read(profile, sent, source).map((item) => {
    if (item.outcome !== 'conversion') throw new Error(`${item.outcome}: ${JSON.stringify(item)}`);
    return item.conversion;
  });
}

/** `parameter: code` of each fault, or the outcome and reason. */
export function verdictOf(profile: string, sent: Sent, source?: Record<string, unknown>): string[] {
  return read(profile, sent, source).flatMap((item) => {
    if (item.outcome === 'quarantined') return item.faults.map(({ code, parameter }) => `${parameter}: ${code}`);
    return item.outcome === 'ignored' ? [`ignored: ${item.reason}`] : ['conversion'];
  });
}
