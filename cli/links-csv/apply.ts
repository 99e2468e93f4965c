import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { mergePatch } from '../../lambdas/core/api/merge-patch.ts';
import { faultsOf } from '../../lambdas/core/api/problem.ts';
import { linkInput } from '../../lambdas/core/entities/link.ts';
import { type Answer, type Body, type Client, toError } from '../client.ts';
import { LINK_FIELDS } from './cells.ts';
import type { PlannedRow } from './plan.ts';

/** What became of a row. */
export type Outcome =
  | { readonly state: 'created' | 'changed' | 'unchanged' }
  | { readonly state: 'rejected'; readonly faults: readonly string[] };

/** Calls of the API that a row needs; a dry run only asks. */
export interface Applying {
  readonly client: Client;
  readonly dryRun: boolean;
}

/** A row that cannot be imported, with every reason. */
class RowFault extends Error {
  readonly faults: readonly string[];
  constructor(faults: readonly string[]) {
    super(faults.join('; '));
    this.faults = faults;
  }
}

/**
 * Imports one row: changes the link that its external id or number names in the columns of the file, else makes one.
 * Doing it again changes nothing.
 */
export async function applyRow(row: PlannedRow, applying: Applying): Promise<Outcome> {
  if (row.faults.length > 0) return { state: 'rejected', faults: row.faults };
  try {
    const existing = await find(row, applying.client);
    return existing ? await change(existing, row, applying) : await create(row, applying);
  } catch (error) {
    return { state: 'rejected', faults: error instanceof RowFault ? error.faults : [(error as Error).message] };
  }
}

interface Existing {
  readonly link: Body;
  readonly etag: string;
}

/** @throws RowFault where external id and number name different links, or the number names none */
async function find({ linkNo, externalId }: PlannedRow, client: Client): Promise<Existing | null> {
  const named = externalId === null ? null : await byExternalId(externalId, client);
  if (named !== null && linkNo !== null && named !== linkNo)
    throw new RowFault([`external_id: ${externalId} belongs to link ${named}, not to ${linkNo}`]);
  const number = named ?? linkNo;
  if (number === null) return null;
  const answer = await client.ask('GET', `/v1/links/${number}`);
  if (answer.status === 404)
    throw new RowFault([`link_no: there is no link ${number}; leave it empty, or import with --as-new, to make one`]);
  return { link: succeeded(answer).body, etag: answer.headers.get('etag') ?? '*' };
}

async function byExternalId(externalId: string, client: Client): Promise<number | null> {
  const answer = await client.ask('GET', '/v1/links', { query: { external_id: externalId, limit: '1' } });
  return succeeded(answer).body.links[0]?.link_no ?? null;
}

/** Fields that never change, since messages carry them. */
const FIXED = ['personal', 'domain', 'slug'];

async function change(
  { link, etag }: Existing,
  { fields }: PlannedRow,
  { client, dryRun }: Applying,
): Promise<Outcome> {
  const now = Object.fromEntries(LINK_FIELDS.map((name) => [name, link[name]]));
  const meant = Object.entries(fields).filter(([name, value]) => value !== null || !FIXED.includes(name));
  const patch = Object.fromEntries(meant.map(([name, value]) => [name, wholly(value, now[name])]));
  const next = valid(mergePatch(now, patch));
  const changed = LINK_FIELDS.filter((name) => !isDeepStrictEqual(next[name], now[name]));
  const fixed = changed.filter((name) => FIXED.includes(name));
  if (fixed.length > 0)
    throw new RowFault(
      fixed.map((name) => `${name}: stays ${JSON.stringify(now[name])}: messages carry the short URL`),
    );
  if (changed.length === 0) return { state: 'unchanged' };
  if (!dryRun) {
    const headers = { 'if-match': etag };
    succeeded(await client.ask('PATCH', `/v1/links/${link.link_no}`, { body: patch, headers, query: UNCHECKED }));
  }
  return { state: 'changed' };
}

/** An object as a merge patch that leaves nothing of the one before. */
function wholly(value: unknown, before: unknown): unknown {
  if (!isObject(value) || !isObject(before)) return value;
  const gone = Object.keys(before).filter((name) => !Object.hasOwn(value, name));
  return { ...Object.fromEntries(gone.map((name) => [name, null])), ...value };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A list of links may be long, and its destinations are looked at with `link check`. */
const UNCHECKED = { check: 'false' };

async function create({ fields, externalId, occurrence }: PlannedRow, { client, dryRun }: Applying): Promise<Outcome> {
  const body = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
  valid(body);
  if (dryRun) return { state: 'created' };
  if (externalId !== null) {
    const path = `/v1/links/by-external-id/${encodeURIComponent(externalId)}`;
    succeeded(await client.ask('PUT', path, { body, query: UNCHECKED }));
  } else {
    const headers = { 'idempotency-key': keyOf(body, occurrence) };
    succeeded(await client.ask('POST', '/v1/links', { body, headers, query: UNCHECKED }));
  }
  return { state: 'created' };
}

/** The same row has the same key wherever it stands, so that an import that broke off can be run again. */
const keyOf = (body: object, occurrence: number) =>
  `import-${createHash('sha256')
    .update(JSON.stringify([body, occurrence]))
    .digest('hex')}`;

/** The link that this input makes. @throws RowFault with everything that is wrong with it */
function valid(input: unknown): Record<string, unknown> {
  const parsed = linkInput.safeParse(input);
  if (parsed.success) return parsed.data;
  throw new RowFault(faultsOf(parsed.error).map(({ path, message }) => `${path || 'row'}: ${message}`));
}

/** @throws RowFault with everything the API says */
function succeeded(answer: Answer): Answer {
  if (answer.status < 400) return answer;
  const { message, details } = toError(answer);
  throw new RowFault(details.length > 0 ? details : [message]);
}
