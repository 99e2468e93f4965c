import { Problem } from '../api/problem.ts';

const BOM = '\uFEFF';

/** The text of a list, without the byte-order mark it may have begun with. */
export interface ListText {
  readonly text: string;
  readonly bom: '' | typeof BOM;
}

/**
 * Reads a list as UTF-8 and as nothing else: a guess would turn names and ids into others.
 * @throws Problem 400 that says what the list seems to be in and how to convert it
 */
export function decodeList(bytes: Uint8Array): ListText {
  if (isUtf16(bytes)) throw wrongEncoding('UTF-16, as "Unicode text" of a spreadsheet is', 'UTF-16');
  const text = decoded(bytes);
  const damage = text.indexOf('\uFFFD');
  // The platform hands on text bodies as text, with this sign in place of each byte that it could not read.
  if (damage >= 0)
    throw wrongEncoding(`another encoding than UTF-8 (line ${lineOf(text, damage)} holds a character that was lost)`);
  return text.startsWith(BOM) ? { text: text.slice(1), bom: BOM } : { text, bom: '' };
}

function decoded(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
    const line = lineOf(text, text.indexOf('\uFFFD'));
    throw wrongEncoding(`another encoding than UTF-8, perhaps Windows-1252 or Latin-1 (see line ${line})`);
  }
}

/** By its mark, or by the zero bytes that every other character of a Western text has. */
function isUtf16(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  const isMarked = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  return isMarked || bytes.subarray(0, 1_000).includes(0);
}

const lineOf = (text: string, at: number) => text.slice(0, at).split(/\r\n|\n|\r/).length;

const wrongEncoding = (what: string, from = 'WINDOWS-1252') =>
  new Problem(
    400,
    'wrong_encoding',
    `the list is in ${what}: save it as UTF-8 ("CSV UTF-8" in a spreadsheet), or run: iconv -f ${from} -t UTF-8 list.csv > list-utf8.csv`,
  );
