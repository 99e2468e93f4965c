import type { MintedState } from '../../contract/keys.ts';
import { type Fault, fault } from '../api/problem.ts';
import type { Link } from '../entities/link.ts';
import type { DecodedCode } from '../personal-code.ts';
import type { SendSubject } from './send-row.ts';

/** What an item names itself by; what it says of campaign, creative and segment goes with a message only. */
export interface SendName {
  readonly code?: string | undefined;
  readonly link_no?: number | undefined;
  readonly message_id?: string | undefined;
  readonly subscriber_id?: string | undefined;
  readonly campaign_id?: string | undefined;
  readonly creative?: string | undefined;
  readonly segment?: string | undefined;
}

/** What was read for a batch: links, meanings of codes, links of messages, subscribers. */
export interface SendFacts {
  readonly links: ReadonlyMap<number, { readonly link: Link; readonly minted: MintedState | null }>;
  readonly codes: ReadonlyMap<string, readonly DecodedCode[]>;
  readonly messages: ReadonlyMap<string, readonly number[]>;
  readonly numbers: ReadonlyMap<string, number>;
  readonly ids: ReadonlyMap<number, string>;
}

export type Found = { readonly subject: SendSubject } | { readonly faults: readonly Fault[] };

/** What an item is about. Where it cannot be told, what is wrong with the item. */
export function subjectOf(send: SendName, facts: SendFacts): Found {
  if (send.code !== undefined) return byCode(send.code, facts);
  const subscriber_id = send.subscriber_id ?? null;
  const subscriber = { subscriber_id, subscriber_no: (subscriber_id && facts.numbers.get(subscriber_id)) || null };
  if (send.link_no === undefined && send.message_id !== undefined)
    return byMessage(send, send.message_id, subscriber, facts);
  if (send.link_no === undefined) return { subject: { ...NO_LINK, ...subscriber } };
  const link = facts.links.get(send.link_no)?.link;
  if (link) return { subject: { ...fieldsOf(link), ...subscriber } };
  return { faults: [fault('link_no', 'no_such_link', `there is no link ${send.link_no}`)] };
}

type Subscriber = Pick<SendSubject, 'subscriber_no' | 'subscriber_id'>;
type LinkPart = Omit<SendSubject, keyof Subscriber>;

const NO_LINK: LinkPart = { campaign_id: null, message_id: null, creative: null, segment: null, link_no: null };
const fieldsOf = ({ campaign_id, message_id, creative, segment, link_no }: Link): LinkPart => ({
  campaign_id,
  message_id,
  creative,
  segment,
  link_no,
});

/** A code counts where its link minted it: with that key, and a subscriber no higher than it ever minted. */
export function mintedMeaning(
  meanings: readonly DecodedCode[],
  links: SendFacts['links'],
): (DecodedCode & { readonly link: Link }) | null {
  for (const meaning of meanings) {
    const { link, minted } = links.get(meaning.linkNo) ?? {};
    if (link && minted?.code_key === meaning.keyId && meaning.subscriberNo <= minted.subscriber_max)
      return { ...meaning, link };
  }
  return null;
}

function byCode(code: string, { codes, links, ids }: SendFacts): Found {
  const meaning = mintedMeaning(codes.get(code) ?? [], links);
  if (!meaning)
    return { faults: [fault('code', 'unknown_code', 'is no personal code we minted; for slugs give link_no')] };
  const { link, subscriberNo } = meaning;
  const subscriber = { subscriber_no: subscriberNo, subscriber_id: ids.get(subscriberNo) ?? null };
  return { subject: { ...fieldsOf(link), ...subscriber } };
}

/** Fields that every link of the message agrees on are the message's; the sender may say which of several is meant. */
function byMessage(send: SendName, message_id: string, subscriber: Subscriber, facts: SendFacts): Found {
  const candidates = (facts.messages.get(message_id) ?? [])
    .map((no) => facts.links.get(no)?.link)
    .filter((link) => link !== undefined && link.message_id === message_id && agrees(send, link)) as Link[];
  const campaigns = new Set(candidates.map(({ campaign_id }) => campaign_id));
  if (campaigns.size > 1) {
    const message = `several campaigns have a message ${message_id}: say which`;
    return { faults: [fault('campaign_id', 'ambiguous', message)] };
  }
  const shared = <F extends keyof LinkPart>(field: F) => only(candidates.map((link) => link[field]));
  return {
    subject: {
      campaign_id: send.campaign_id ?? shared('campaign_id'),
      message_id,
      creative: send.creative ?? shared('creative'),
      segment: send.segment ?? shared('segment'),
      link_no: shared('link_no'),
      ...subscriber,
    },
  };
}

function agrees(send: SendName, link: Link): boolean {
  return (['campaign_id', 'creative', 'segment'] as const).every(
    (field) => send[field] === undefined || send[field] === link[field],
  );
}

/** The value all agree on, or null. */
function only<T>(values: readonly T[]): T | null {
  const [first] = values;
  return first !== undefined && values.every((value) => value === first) ? first : null;
}
