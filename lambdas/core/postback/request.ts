/** An inbound HTTP message as it arrived: what is stored raw, authenticated and interpreted. */
export interface RawRequest {
  readonly method: string;
  /** Query as sent, without `?`, still percent-encoded. */
  readonly query: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
  /** Epoch milliseconds at which it was stored. Survives redelivery and replay. */
  readonly received_at: number;
  /** Among the requests of a batch that arrived at once. @default 0 */
  readonly place?: number;
  /** The sender signed the body, and its query may be anybody's: the query is not read. @default no */
  readonly body_signed?: true;
}

/** `+` as space and `%XX` as UTF-8; bytes that are no UTF-8 become U+FFFD, a stray `%` stays. */
export function decodeComponent(text: string): string {
  const spaced = text.replaceAll('+', ' ');
  if (!spaced.includes('%')) return spaced;
  const bytes = Buffer.from(spaced, 'utf8');
  const out: number[] = [];
  for (let index = 0; index < bytes.length; index++) {
    const hex = bytes[index] === 0x25 ? bytes.toString('latin1', index + 1, index + 3) : '';
    if (/^[0-9a-fA-F]{2}$/.test(hex)) {
      out.push(Number.parseInt(hex, 16));
      index += 2;
    } else out.push(bytes[index] ?? 0);
  }
  return Buffer.from(out).toString('utf8');
}

/** Pairs of a query or form in their order, decoded. */
export function parsePairs(text: string): [string, string][] {
  return text
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const [name = '', ...rest] = pair.split('=');
      return [decodeComponent(name), decodeComponent(rest.join('='))];
    });
}
