import type { Experiment } from '../../core/entities/experiment.ts';
import type { Link } from '../../core/entities/link.ts';
import type { List } from '../../core/recipients/list.ts';
import { type ReadRow, readRow } from '../../core/recipients/read-row.ts';
import type { ApiRequest, ApiResponse } from '../http.ts';
import { findLink } from '../link-request.ts';
import type { ApiServices } from '../services.ts';
import { answerOf, checkAnswerSize, countsOf, warningsOf } from './answer.ts';
import { campaignOf, codesOf } from './codes.ts';
import { drawingExperiments, frozen } from './experiments.ts';
import { checkMints, controlLinksOf, siblingsOf } from './links.ts';
import { type MintOptions, mintOptions } from './options.ts';
import { placed } from './placed.ts';
import { listTypeOf, readList, refuseBadRows } from './read-list.ts';
import { recipientRows } from './recipient-rows.ts';

/** How long a mint may go on writing subscribers, ms: the platform ends it at 29 s, and codes and rows come after. */
const WRITING_MS = 20_000;

/** A list that was read and found fit to be minted. */
interface Job {
  readonly options: MintOptions;
  readonly link: Link;
  readonly list: List;
  readonly rows: readonly ReadRow[];
  readonly experiments: readonly Experiment[];
}

/**
 * Mints a list: numbers for its subscribers, arms, codes and promo codes, rows for the lake, and the list back with all of
 * it. The order makes it repeatable: what a code needs to work is written before the code is told to anybody, and nothing
 * that was written keeps the same request from being run again with the same result.
 */
export async function mint(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const until = services.now() + WRITING_MS;
  const job = await prepare(request, services);
  const recipients = await place(job, until, request, services);
  const coded = await codesOf(recipients, services);
  await services.streams.put('recipients', recipientRows(coded, services.now()));
  const warnings = warningsOf(job.list, job.rows, job.experiments.length > 0);
  const answers = job.rows.map((row, at) => answerOf(row, coded[at] ?? null, job.options));
  return {
    status: 200,
    body: job.list.write(answers),
    headers: {
      'content-type': `${listTypeOf(request)}; charset=utf-8`,
      'x-onehop-counts': JSON.stringify(countsOf(answers)),
      ...(warnings.length > 0 && { 'x-onehop-warnings': JSON.stringify(warnings) }),
    },
  };
}

/** Reads and checks everything; writes nothing. @throws Problem */
async function prepare(request: ApiRequest, services: ApiServices): Promise<Job> {
  const options = mintOptions(request.query);
  const { document: link } = await findLink(request, services);
  checkMints(link);
  const list = readList(request, options);
  const keys = await services.keys.home();
  const rows = list.rows.map((row) => readRow(row, { by: options.by, country: options.country, keys }));
  if (options.isStrict) refuseBadRows(list, rows);
  const campaign = await campaignOf(link, services);
  const experiments = await drawingExperiments(campaign, services);
  checkAnswerSize(request, rows, { link, campaign, experiments, deployment: services.deployment });
  return { options, link, list, rows, experiments };
}

/** Gives each recipient a number, a link and arms; null stands for bad rows. */
async function place(
  { options, link, rows, experiments }: Job,
  until: number,
  request: ApiRequest,
  services: ApiServices,
) {
  const recipients = rows.flatMap((row) => ('recipient' in row ? [row.recipient] : []));
  const combinations = recipients.map(({ by }) => by);
  const links = await siblingsOf(link, options.by, combinations, request, services);
  const drawing =
    recipients.length === 0 ? [] : await Promise.all(experiments.map((e) => frozen(e, request, services)));
  const controls = await controlLinksOf(drawing, services);
  const people = recipients.map(({ subscriberId: id, identities }) => ({ id, identities }));
  const numbers = await services.subscribers.enrol(people, until);
  const { experimentKey } = await services.keys.home();
  const context = { links, controls, numbers, experiments: drawing, experimentKey };
  return rows.map((row) => ('recipient' in row ? placed(row.recipient, context) : null));
}
