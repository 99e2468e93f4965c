import { type Fault, fault } from '../api/problem.ts';

/** Columns that a list may have and that mean something. */
export const KNOWN_COLUMNS = ['subscriber_id', 'email', 'phone', 'customer_id'] as const;
export type KnownColumn = (typeof KNOWN_COLUMNS)[number];

/** Fields of a link that a column may give for each row. */
export const BY_FIELDS = ['message_id', 'creative', 'segment', 'partner'] as const;
export type ByField = (typeof BY_FIELDS)[number];

/** Columns that the mint adds. Where the list has them already, from an earlier mint, they are written anew. */
export const ANSWER_COLUMNS = ['link_no', 'subscriber_no', 'code', 'url', 'promo_code', 'arm', 'error'] as const;
export type AnswerColumn = (typeof ANSWER_COLUMNS)[number];

export type ColumnRole =
  | { readonly kind: 'known'; readonly name: KnownColumn }
  | { readonly kind: 'by'; readonly name: ByField }
  | { readonly kind: 'answer'; readonly name: AnswerColumn }
  | { readonly kind: 'attribute'; readonly name: string }
  /** Without a name, as spreadsheets leave them behind. */
  | { readonly kind: 'unnamed'; readonly name: '' };

/** Attributes a row may have, characters of a name, and bytes of all of them as JSON. */
export const MAX_ATTRIBUTES = 50;
export const MAX_ATTRIBUTE_NAME = 64;
export const MAX_ATTRIBUTE_BYTES = 4_096;

/** What a column is by its name; case, spaces around and hyphens make no difference. */
export function roleOf(header: string, by: readonly ByField[]): ColumnRole {
  const name = normalColumnName(header);
  if (name === '') return { kind: 'unnamed', name };
  if ((KNOWN_COLUMNS as readonly string[]).includes(name)) return { kind: 'known', name: name as KnownColumn };
  if ((by as readonly string[]).includes(name)) return { kind: 'by', name: name as ByField };
  if ((ANSWER_COLUMNS as readonly string[]).includes(name)) return { kind: 'answer', name: name as AnswerColumn };
  return { kind: 'attribute', name };
}

/**
 * The name under which reports know a column: lower case, accents dropped, letters of other scripts as their code points, and
 * everything but letters and digits as one underscore: `Größe (cm)` becomes `grosse_cm`.
 */
export function normalColumnName(header: string): string {
  return header
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\p{ASCII}]/gu, (sign) =>
      /[\p{L}\p{N}]/u.test(sign) ? `u${sign.codePointAt(0)?.toString(16)}` : '_',
    )
    .replaceAll(/[^a-z0-9]+/g, '_')
    .replaceAll(/^_+|_+$/g, '');
}

/** What is wrong with the columns of a list as a whole. */
export function columnFaults(
  headers: readonly string[],
  roles: readonly ColumnRole[],
  by: readonly ByField[],
): Fault[] {
  const names: readonly string[] = roles.map(({ name }) => name);
  const found = `the list has ${headers.length === 1 ? 'the column' : 'the columns'} ${headers.map((header) => JSON.stringify(header.trim().slice(0, 40))).join(', ')}`;
  const missing = ['subscriber_id', ...by].filter((name) => !names.includes(name));
  const repeated = new Set(names.filter((name, at) => name !== '' && names.indexOf(name) < at));
  const attributes = names.filter((_, at) => roles[at]?.kind === 'attribute');
  return [
    ...missing.map((name) => fault(name, 'missing_column', `there is no column ${name}: ${found}`)),
    ...[...repeated].map((name) => fault(name, 'repeated_column', `there is more than one column ${name}: ${found}`)),
    ...attributeFaults(attributes).map((message) => fault('', 'attributes', message)),
  ];
}

/** What is wrong with the names of attributes. */
export function attributeFaults(names: readonly string[]): string[] {
  const long = names.filter((name) => name.length > MAX_ATTRIBUTE_NAME);
  return [
    ...(names.length > MAX_ATTRIBUTES ? [`${names.length} further columns, the limit is ${MAX_ATTRIBUTES}`] : []),
    ...long.map((name) => `the column ${name.slice(0, 20)}… has a name of more than ${MAX_ATTRIBUTE_NAME} characters`),
  ];
}
