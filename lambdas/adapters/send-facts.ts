import type { Keyring } from '../core/keyring.ts';
import { type DecodedCode, decodeCode } from '../core/personal-code.ts';
import { mintedMeaning, type SendFacts, type SendName } from '../core/sends/subject.ts';
import type { DynamoTable } from './dynamo-table.ts';
import { readLinks } from './link-reader.ts';
import { linksOfMessages } from './message-links.ts';
import { SubscriberLookup } from './subscriber-lookup.ts';

export interface SendFactsSources {
  readonly linksTable: DynamoTable;
  readonly ledgerTable: DynamoTable;
  readonly keyring: () => Promise<Keyring>;
}

/** Reads all that a batch needs at once: a handful of reads however many items name the same link. */
export async function readSendFacts(sends: readonly SendName[], sources: SendFactsSources): Promise<SendFacts> {
  const { linksTable, ledgerTable, keyring } = sources;
  const codes = await meaningsOf(values(sends, 'code'), keyring);
  const messages = await linksOfMessages(linksTable, values(sends, 'message_id'));
  const meant = [...codes.values()].flatMap((meanings) => meanings.map(({ linkNo }) => linkNo));
  const wanted = new Set([...values(sends, 'link_no'), ...meant, ...[...messages.values()].flat()]);
  const links = await readLinks(linksTable, [...wanted]);
  const people = new SubscriberLookup(ledgerTable);
  const minted = [...codes.values()].flatMap((meanings) => mintedMeaning(meanings, links)?.subscriberNo ?? []);
  const [numbers, ids] = await Promise.all([
    people.numbersOf(values(sends, 'subscriber_id')),
    people.idsOf([...new Set(minted)]),
  ]);
  return { links, codes, messages, numbers, ids };
}

async function meaningsOf(
  codes: readonly string[],
  keyring: SendFactsSources['keyring'],
): Promise<ReadonlyMap<string, readonly DecodedCode[]>> {
  if (codes.length === 0) return new Map();
  const keys = await keyring();
  return new Map(codes.map((code) => [code, decodeCode(code, keys)]));
}

/** The distinct values of a field. */
function values<K extends keyof SendName>(sends: readonly SendName[], name: K): NonNullable<SendName[K]>[] {
  return [...new Set(sends.map((send) => send[name]).filter((value) => value !== undefined))] as NonNullable<
    SendName[K]
  >[];
}
