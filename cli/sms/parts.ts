import { SegmentedMessage } from 'sms-segments-calculator';

/** Encodings of a text message: 7-bit default alphabet with its extension table, or 16-bit code units. */
export type Encoding = 'GSM-7' | 'UCS-2';

/** One character as people see it: a letter with its marks, or an emoji made of several code points. */
interface Character {
  readonly text: string;
  /** Whether GSM-7 has it; one that it lacks turns the whole message into UCS-2. */
  readonly isGsm: boolean;
  /** Septets in GSM-7 (2 for the extension table: ^ { } \ [ ~ ] | € and form feed), 16-bit units in UCS-2. */
  readonly units: number;
}

/** What a text takes as an SMS. Units are septets in GSM-7 and 16-bit units in UCS-2. */
export interface Measure {
  readonly encoding: Encoding;
  readonly parts: number;
  /** Units of the whole text. */
  readonly units: number;
  /** Units that still fit into the last part. */
  readonly left: number;
  /** Characters that GSM-7 does not have, with their position in characters from 1 and in UTF-16 units from 0. */
  readonly foreign: readonly ForeignCharacter[];
}

export interface ForeignCharacter {
  readonly text: string;
  readonly position: number;
  readonly offset: number;
}

/**
 * Units of a message of one part, and of each part of a longer one: 140 octets, of which concatenation takes a header
 * of 6 (3GPP TS 23.040, 9.2.3.24.1).
 */
export const ROOM: Readonly<Record<Encoding, { readonly alone: number; readonly joined: number }>> = {
  'GSM-7': { alone: 160, joined: 153 },
  'UCS-2': { alone: 70, joined: 67 },
};

/**
 * Encoding, parts and room of a text. Which characters GSM-7 has and what each takes comes from the library. Parts are
 * filled here, because its own division goes wrong where one character is longer than a part (a letter under 70 marks);
 * otherwise the two agree: no character is cut in two, so neither an escape pair nor a surrogate pair is.
 */
export function measure(text: string): Measure {
  const { encoding, characters } = encode(text);
  const used = fill(characters, encoding);
  const room = used.length === 1 ? ROOM[encoding].alone : ROOM[encoding].joined;
  return {
    encoding,
    parts: used.length,
    units: characters.reduce((sum, { units }) => sum + units, 0),
    left: room - (used.at(-1) ?? 0),
    foreign: foreignOf(characters),
  };
}

/** The characters of a text, in the encoding that the whole of it needs. */
export function encode(text: string): { encoding: Encoding; characters: readonly Character[] } {
  const message = new SegmentedMessage(text);
  const characters = message.encodedChars.map(({ raw = '', isGSM7 = false, codeUnits = [] }) => ({
    text: raw,
    isGsm: isGSM7,
    units: codeUnits.length,
  }));
  return { encoding: message.getEncodingName() as Encoding, characters };
}

/** Units used in each part. */
function fill(characters: readonly Character[], encoding: Encoding): readonly number[] {
  const { alone, joined } = ROOM[encoding];
  const total = characters.reduce((sum, { units }) => sum + units, 0);
  if (total <= alone) return [total];
  const parts = [0];
  for (const units of characters.flatMap((character) => indivisible(character, joined))) {
    const used = parts.at(-1) ?? 0;
    if (used + units > joined) parts.push(units);
    else parts[parts.length - 1] = used + units;
  }
  return parts;
}

/** A character that no part can hold is cut between its code points, never inside one. */
function indivisible({ text, units }: Character, room: number): readonly number[] {
  return units <= room ? [units] : [...text].map((codePoint) => codePoint.length);
}

function foreignOf(characters: readonly Character[]): readonly ForeignCharacter[] {
  let offset = 0;
  return characters.flatMap(({ text, isGsm }, index) => {
    const at = offset;
    offset += text.length;
    return isGsm ? [] : [{ text, position: index + 1, offset: at }];
  });
}
