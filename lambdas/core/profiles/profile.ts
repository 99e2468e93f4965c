import type { Notation } from '../money.ts';
import type { ConversionEvent, ConversionStatus, MessageEntry, Parameter } from '../postback/parameters.ts';

/**
 * Conventions of a kind of sender, as data. A source is configured with one and may override names and maps.
 *
 * A **path** says where a value stands; the first of a list that yields one is taken:
 * - `payout`: a query or form parameter, or a field of a JSON body
 * - `customer.email`, `lines.0.id`: nested fields
 * - `note_attributes[name=click_id].value`: a field of the first element whose `name` is `click_id`
 * - `coupon_lines[].code`: a field of each element of a list, at most 20; who takes one value takes the first
 * - `landing_site?click_id`: a parameter in the query of the URL that stands in `landing_site`
 * - `$.currency`: from the root of the body, where the shape reads each element of a list
 * - `@x-shopify-topic`: a request header
 * - `{receipt}-{itemNo}`: several paths and literal text put together; nothing unless every path yields a value
 */
export type Path = string;

export type SourceKind = 'network' | 'shop' | 'own';

/** How a request proves where it comes from. `token`: the secret part of a `/postbacks` URL; the others belong to `/webhooks`. */
export type Authentication =
  | { readonly scheme: 'token' }
  /** Base64 HMAC-SHA-256 of the raw body in a header. */
  | { readonly scheme: 'body_hmac'; readonly header: string; readonly unsignedPing?: UnsignedPing }
  /** `Stripe-Signature: t=…,v1=…` over `t.body`. */
  | { readonly scheme: 'stripe' }
  /** The body is AES-encrypted with the secret: what decrypts is genuine. */
  | { readonly scheme: 'clickbank' }
  /** `X-Twilio-Signature`: HMAC-SHA-1 over the URL and the form. */
  | { readonly scheme: 'twilio' }
  /** Nothing comes over HTTP: the platform authorises who may put. */
  | { readonly scheme: 'role' };

/**
 * A call by which the sender tries the URL before it signs anything. It proves nothing, so it is answered like any message and kept
 * nowhere.
 */
export interface UnsignedPing {
  /** Headers that every real message of the sender has and a ping has not, in lower case, beside the signature's. */
  readonly without: readonly string[];
  /** A regular expression that fits the body as a whole. */
  readonly body: string;
}

interface ProfileBase {
  /** Name of the network or shop as people know it. */
  readonly title: string;
  readonly kind: SourceKind;
  /** `postbacks`: `/postbacks/{source}/{token}`; `webhooks`: `/webhooks/{source}`; `stream`: not over HTTP. */
  readonly inlet: 'postbacks' | 'webhooks' | 'stream';
  readonly authentication: Authentication;
  /** What the sender wants to read after a 200. */
  readonly acknowledgement: { readonly body: string; readonly contentType: string };
  /**
   * What a person does in the sender's screens, one step a line. Placeholders: `{url}` the generated postback or webhook URL,
   * `{subid_param}` the offer's parameter for the click id, `{source}` the id of the source.
   */
  readonly setup: readonly string[];
}

/** A parameter: where it is read, and the macro with which the network fills it in the generated postback URL. */
export interface Field {
  /** The first is also the name in the generated URL. */
  readonly from: readonly Path[];
  readonly macro?: string;
  /** Values that mean there is none, such as customer 0 for guests. */
  readonly absent?: readonly string[];
}

/** A condition on a message: the value at the path matches the regular expression as a whole. A missing value is the empty text. */
export interface Condition {
  readonly path: Path;
  readonly matches: string;
}

/** What a shape reads: what a postback may say, and what only some senders tell. */
export type FieldName = Parameter | 'revised_at' | 'alias';

/**
 * One reading of a request. Every shape whose conditions hold is read, so one request may report a sale and its refunds;
 * a request that fits none is ignored.
 */
export interface Shape {
  readonly when?: readonly Condition[];
  /** A list: one conversion for each element; paths then start at the element. */
  readonly each?: Path;
  /** Conditions on an element; elements that fail are passed over. */
  readonly eachWhen?: readonly Condition[];
  /** What the shape always is, whatever the sender calls it. */
  readonly entry?: MessageEntry;
  readonly event?: ConversionEvent | 'sale_or_rebill';
  /** It reports nothing but that `alias` is another name of the transaction, under which what takes it back will come. */
  readonly namesOnly?: true;
  readonly status?: ConversionStatus;
  /** Amounts of refunds are the total so far, not one more refund. */
  readonly cumulative?: true;
  /** Values that are not read but given. */
  readonly fixed?: Readonly<Partial<Record<Parameter, string>>>;
  /** `revised_at` is when the sender last changed what it reports: of two reports the later revised one is true. */
  readonly fields: Readonly<Partial<Record<FieldName, Field>>>;
}

/**
 * An event's name may also say that it takes back: `refund` is a refund of the sale. `sale_or_rebill`: the sender does not say which;
 * a rebill that is known by the transaction comes first.
 */
export type EventMeaning = ConversionEvent | 'refund' | 'chargeback' | 'sale_or_rebill';

export interface ConversionProfile extends ProfileBase {
  readonly reports: 'conversions';
  readonly inlet: 'postbacks' | 'webhooks';
  /** Parameter of the sender's tracking link that carries our click id; offers of the source add it by themselves. */
  readonly subidParam: string | null;
  /** Requests whose conditions hold are the sender's own tests or pings: acknowledged, never conversions. */
  readonly ignore?: readonly { readonly when: readonly Condition[]; readonly reason: 'ping' | 'test' | 'not_paid' }[];
  readonly shapes: readonly Shape[];
  /** The sender's words, in lower case, to ours. */
  readonly statuses: Readonly<Record<string, ConversionStatus>>;
  readonly events: Readonly<Record<string, EventMeaning>>;
  readonly notation: Notation;
  /** Minor-unit digits where the sender departs from ISO 4217; only with notation `minor`. */
  readonly minorDigits?: Readonly<Record<string, number>>;
  /** A negative amount takes back; where left out it is quarantined. */
  readonly negativeIsRefund?: true;
  /** Currency where the message names none and the source sets none; `account`: the account's; null: quarantined. */
  readonly currency: string | 'account' | null;
  /** What a second, different amount under the same key does, where the source does not say. */
  readonly duplicates: 'reject' | 'update' | 'add';
  /** The transaction id is the network's click: two sales of one click share it. */
  readonly txnIsClick: boolean;
}

/** Profiles of senders that report deliveries of messages, not conversions. */
export interface DeliveryProfile extends ProfileBase {
  readonly reports: 'deliveries';
}

export type Profile = ConversionProfile | DeliveryProfile;
