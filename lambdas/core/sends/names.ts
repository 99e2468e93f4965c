import { ID_PATTERN } from '../entities/fields.ts';
import { parsePairs } from '../postback/request.ts';
import { foreignId } from './send-input.ts';

/** Our ids as a provider carries them along with a message and gives them back with every state. */
export interface CarriedNames {
  readonly campaign_id?: string;
  readonly message_id?: string;
  readonly creative?: string;
  readonly segment?: string;
  readonly link_no?: number;
  readonly subscriber_no?: number;
  readonly subscriber_id?: string;
  readonly code?: string;
  readonly parts?: number;
}

/** AWS takes five pairs of context with a message, fewer than there are names: this one may hold them all, as a query string. */
const PACKED = 'onehop';

const number = (text: string) => (/^[1-9]\d{0,14}$/.test(text) ? Number(text) : undefined);
const id = (text: string) => (ID_PATTERN.test(text) ? text : undefined);
const word = (text: string) => (foreignId.safeParse(text).success ? text : undefined);

const READERS: { readonly [K in keyof Required<CarriedNames>]: (text: string) => CarriedNames[K] | undefined } = {
  campaign_id: id,
  message_id: id,
  creative: id,
  segment: id,
  link_no: number,
  subscriber_no: number,
  subscriber_id: word,
  code: word,
  parts: (text) => (/^[1-9]\d{0,2}$/.test(text) ? Number(text) : undefined),
};

/** Reads names out of pairs; what has not the form of its name is left out, as is what we do not know. The last of a name counts. */
export function carriedNames(pairs: Iterable<readonly [name: string, value: string]>): CarriedNames {
  const all = [...pairs].flatMap(([name, value]) => (name === PACKED ? parsePairs(value) : [[name, value] as const]));
  const read = all.flatMap(([name, value]) => {
    const reader = Object.hasOwn(READERS, name) ? READERS[name as keyof CarriedNames] : undefined;
    const found = reader?.(value);
    return found === undefined ? [] : [[name, found] as const];
  });
  return Object.fromEntries(read);
}
