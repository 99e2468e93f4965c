const LF = 10;
const CR = 13;
const QUOTE = 34;

/** Finds where records end, byte by byte, so that a file can be cut into parts without being parsed. */
export interface Scanner {
  /**
   * Index behind the record under way, or -1 where it goes on behind these bytes. Every byte is to be shown once, from
   * the index the call before returned.
   */
  end(bytes: Uint8Array, from: number): number;
}

/** Records of NDJSON end with the line. */
export class LineScanner implements Scanner {
  end(bytes: Uint8Array, from: number): number {
    return bytes.indexOf(LF, from) + 1 || -1;
  }
}

/**
 * Records of CSV end with a line outside of quotes (RFC 4180). A quote opens a cell only where the cell begins, so that one
 * inside a cell (`19" screen`) swallows nothing. LF, CRLF and lone CR end lines.
 */
export class CsvScanner implements Scanner {
  readonly #delimiter: number;
  #state: 'cell' | 'plain' | 'quoted' | 'quote' | 'cr' = 'cell';

  /** @param delimiter the character between cells */
  constructor(delimiter: string) {
    this.#delimiter = delimiter.charCodeAt(0);
  }

  end(bytes: Uint8Array, from: number): number {
    for (let at = from; at < bytes.length; at++) {
      const byte = bytes[at] as number;
      if (this.#state === 'cr') return this.#ended(byte === LF ? at + 1 : at);
      if (this.#state === 'quoted') {
        if (byte === QUOTE) this.#state = 'quote';
      } else if (byte === LF) return this.#ended(at + 1);
      else if (byte === CR) this.#state = 'cr';
      else this.#state = this.#within(byte);
    }
    return -1;
  }

  /** True where a quote was opened and not closed yet. */
  get isQuoted(): boolean {
    return this.#state === 'quoted';
  }

  #within(byte: number): 'cell' | 'plain' | 'quoted' {
    if (byte === this.#delimiter) return 'cell';
    const opens = byte === QUOTE && (this.#state === 'cell' || this.#state === 'quote');
    return opens ? 'quoted' : 'plain';
  }

  #ended(index: number): number {
    this.#state = 'cell';
    return index;
  }
}

/** The delimiter of a header line: the one that stands in it most often outside of quotes; a comma where none does. */
export function delimiterOf(header: string): string {
  const bare = header.replace(/"[^"]*"/g, '');
  const counted = [',', ';', '\t', '|'].map((delimiter) => ({ delimiter, count: bare.split(delimiter).length }));
  return counted.reduce((best, next) => (next.count > best.count ? next : best)).delimiter;
}
