import type { Column, RecordOf } from './column.ts';

/** What the edge knows at the moment of the tap, in the order of the table. */
export const tapColumns = [
  {
    name: 'click_id',
    type: 'string',
    required: true,
    doc: 'Id of this click: 32 characters of lower-case Crockford base32, signed; minted once per click, never reused.',
  },
  { name: 'ts', type: 'bigint', required: true, doc: 'When the edge received the request, epoch milliseconds UTC.' },
  { name: 'request_id', type: 'string', doc: 'CloudFront request id; equals `x-edge-request-id` of the access log.' },
  {
    name: 'domain',
    type: 'string',
    required: true,
    doc: 'Short domain of the request; `default` where the host is not a short domain of the account.',
  },
  {
    name: 'code',
    type: 'string',
    required: true,
    doc: 'The path as tapped, without leading slash, cut at 256 characters.',
  },
  {
    name: 'code_kind',
    type: 'string',
    required: true,
    doc: '`slug`, `personal` or `unknown` (the code leads to no link). A slug or personal code whose link or key could not be read just then keeps its kind.',
  },
  { name: 'link_no', type: 'bigint', doc: 'Number of the link; null where the code led to none.' },
  { name: 'subscriber_no', type: 'bigint', doc: 'Number of the subscriber a personal code belongs to; null on slugs.' },
  {
    name: 'nonce',
    type: 'bigint',
    required: true,
    doc: '30 bits derived from `request_id`; part of the click id, lets a click rebuilt from a log line join its conversion.',
  },
  {
    name: 'key_id',
    type: 'bigint',
    required: true,
    doc: 'Number of the key that signed the click id, 1 to 15; 0 where the keys could not be read: that id is unique but unsigned.',
  },
  { name: 'campaign_id', type: 'string', doc: 'Campaign of the link.' },
  { name: 'message_id', type: 'string', doc: 'Message (step of a campaign) of the link.' },
  { name: 'creative', type: 'string', doc: 'Creative of the link, or of the split arm that was served.' },
  { name: 'segment', type: 'string', doc: 'Audience segment of the link.' },
  { name: 'partner', type: 'string', doc: 'Partner of the link.' },
  {
    name: 'offer_id',
    type: 'string',
    doc: 'Offer that was served; null where a plain destination or a fallback URL was.',
  },
  { name: 'link_offer_id', type: 'string', doc: 'Offer the link means, served or not.' },
  { name: 'sent_at', type: 'bigint', doc: 'When the link was sent (`link.sent_at`), epoch milliseconds UTC.' },
  {
    name: 'outcome',
    type: 'string',
    required: true,
    doc: '`redirected`, or `fallback:` and one of `paused`, `archived`, `not_started`, `expired`, `capped`, `broken`, `unknown`, `unavailable`.',
  },
  {
    name: 'outcome_detail',
    type: 'string',
    doc: 'What caused a fallback: `link`, `campaign`, `offer`, `rule` or `split` (not servable), `no_such_code`, `malformed_code`, `forged_code` (no key reads the personal code), `no_such_link`, `not_minted` (link and key are right, but the subscriber never got a code there, or by another key), `other_domain` (the personal link is bound to another domain) (unknown), `store`, `keys` (unavailable).',
  },
  {
    name: 'destination_host',
    type: 'string',
    doc: 'Host of the `Location` sent; null where the built-in page answered.',
  },
  {
    name: 'status',
    type: 'bigint',
    required: true,
    doc: 'HTTP status sent: 302; where no fallback URL is known, 404 with the built-in page, or 503 while the links table cannot be read.',
  },
  { name: 'method', type: 'string', required: true, doc: 'HTTP method, `GET` or `HEAD`.' },
  { name: 'user_agent', type: 'string', doc: 'User-Agent header, cut at 1,024 characters; null where there was none.' },
  { name: 'ip', type: 'string', doc: 'Address of the visitor; null unless the IP policy is `full`.' },
  {
    name: 'ip_hash',
    type: 'string',
    doc: 'Keyed hash of the address, new every UTC day; null under policy `truncate` or where the keys could not be read.',
  },
  { name: 'ip_prefix', type: 'string', doc: 'Network of the address: IPv4 /24, IPv6 /48.' },
  { name: 'asn', type: 'bigint', doc: 'Number of the autonomous system of the address, as CloudFront tells.' },
  { name: 'country', type: 'string', doc: 'Country of the address, ISO 3166-1 alpha-2.' },
  { name: 'region', type: 'string', doc: 'Region of the address, ISO 3166-2 part after the country.' },
  { name: 'city', type: 'string', doc: 'City of the address.' },
  { name: 'time_zone', type: 'string', doc: 'IANA time zone of the address.' },
  { name: 'referrer_host', type: 'string', doc: 'Host of the Referer header.' },
  { name: 'accept_language', type: 'string', doc: 'Accept-Language header, cut at 256 characters.' },
  {
    name: 'sec_purpose',
    type: 'string',
    doc: 'Sec-Purpose header, or Purpose, X-Purpose or X-Moz: says that a browser fetched ahead.',
  },
  { name: 'sec_fetch_site', type: 'string', doc: 'Sec-Fetch-Site header.' },
  { name: 'sec_fetch_mode', type: 'string', doc: 'Sec-Fetch-Mode header.' },
  { name: 'sec_fetch_dest', type: 'string', doc: 'Sec-Fetch-Dest header.' },
  { name: 'sec_fetch_user', type: 'string', doc: 'Sec-Fetch-User header.' },
  { name: 'http_version', type: 'string', doc: 'HTTP version between visitor and CloudFront.' },
  { name: 'tls', type: 'string', doc: 'TLS version and cipher between visitor and CloudFront.' },
  { name: 'ja4', type: 'string', doc: 'JA4 fingerprint of the TLS handshake.' },
  {
    name: 'visitor_params',
    type: 'string',
    doc: 'Query string of the visitor as a JSON object; a repeated name holds an array. Null where there was none.',
  },
  { name: 'edge_region', type: 'string', doc: 'AWS region of the edge function that answered.' },
  {
    name: 'lookup_ms',
    type: 'double',
    doc: 'Milliseconds spent waiting for the links table; 0 where all came from the cache.',
  },
  {
    name: 'total_ms',
    type: 'double',
    doc: 'Milliseconds from the start of the function until its answer was ready, the delivery of this record not included.',
  },
  { name: 'cache', type: 'string', required: true, doc: '`hit` where nothing had to be read, else `miss`.' },
] as const satisfies readonly Column[];

/** What `enrich-clicks` adds before the row reaches the lake. */
export const enrichedColumns = [
  {
    name: 'device',
    type: 'string',
    doc: '`mobile`, `tablet`, `desktop`, `tv`, `bot` or `other`, from the user agent.',
  },
  {
    name: 'os',
    type: 'string',
    doc: '`ios`, `android`, `windows`, `macos`, `linux`, `chromeos` or `other`, from the user agent.',
  },
  { name: 'browser', type: 'string', doc: 'Browser family in lower case, from the user agent.' },
  {
    name: 'in_app',
    type: 'string',
    doc: 'App whose built-in browser made the request (`facebook`, `instagram`, …); null in a plain browser.',
  },
  { name: 'actor', type: 'string', required: true, doc: 'Verdict: `human`, `suspect` or `bot`.' },
  {
    name: 'reasons',
    type: 'array<string>',
    required: true,
    doc: 'Reason codes of the verdict, the weightiest first; empty for a human.',
  },
  {
    name: 'rules_version',
    type: 'string',
    required: true,
    doc: 'Version of the classification rules that gave the verdict.',
  },
  {
    name: 'recovered',
    type: 'boolean',
    required: true,
    doc: 'True where the row was rebuilt from CloudFront access logs.',
  },
] as const satisfies readonly Column[];

export const clickColumns = [...tapColumns, ...enrichedColumns] as const satisfies readonly Column[];

/** What the edge sends to the clicks stream. */
export type TapRecord = RecordOf<typeof tapColumns>;
/** A row of the lake table `clicks`. */
export type ClickRecord = RecordOf<typeof clickColumns>;
