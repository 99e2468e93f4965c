import { type ReportDefinition, reports } from '../../sql/catalog.ts';
import { readLinks } from '../adapters/link-reader.ts';
import { ledgerKey, linksKey } from '../contract/keys.ts';
import { type Fault, fault } from '../core/api/problem.ts';
import { API_SOURCE } from '../core/postback/api-convention.ts';
import { hasLinks } from './campaign-links.ts';
import type { ReportQuery } from './report-query.ts';
import type { ApiServices } from './services.ts';

type Row = Readonly<Record<string, unknown>>;
/** Those of some names that something is set up under. */
type Known = (names: readonly string[], services: ApiServices) => Promise<ReadonlySet<string>>;

const inTable =
  (table: 'linksTable' | 'ledgerTable', keyOf: (name: string) => string, always: readonly string[] = []): Known =>
  async (names, services) => {
    const items = await services[table].getMany(names.map(keyOf), []);
    return new Set(names.filter((name) => always.includes(name) || items.has(keyOf(name))));
  };

const knownCampaigns: Known = async (names, services) => {
  const setUp = await inTable('linksTable', linksKey.campaign)(names, services);
  const isNamed = await Promise.all(names.map(async (name) => setUp.has(name) || hasLinks(name, services.linksTable)));
  return new Set(names.filter((_, at) => isNamed[at]));
};

const knownLinks: Known = async (names, { linksTable }) => {
  const links = await readLinks(linksTable, names.map(Number));
  return new Set(names.filter((name) => links.has(Number(name))));
};

const knownDomains: Known = async (names, services) => {
  const { shortOrigin, shortDomains } = services.deployment;
  return inTable('linksTable', linksKey.domain, [new URL(shortOrigin).hostname, ...shortDomains])(names, services);
};

const experiments = { kind: 'experiment', known: inTable('linksTable', linksKey.experiment) };

/** Columns of dimensions that name something that is set up. */
const NAMING: Readonly<Record<string, { readonly kind: string; readonly known: Known }>> = {
  campaign_id: { kind: 'campaign', known: knownCampaigns },
  offer_id: { kind: 'offer', known: inTable('linksTable', linksKey.offer) },
  link_no: { kind: 'link', known: knownLinks },
  domain: { kind: 'domain', known: knownDomains },
  experiment: experiments,
  account_experiment: experiments,
  source: { kind: 'source', known: inTable('ledgerTable', ledgerKey.source, [API_SOURCE]) },
  provider: { kind: 'provider', known: inTable('ledgerTable', ledgerKey.source, [API_SOURCE, 'aws-sms']) },
};

/** What the lake says of rows without a value, and of conversions without a touch. */
const NOBODY = ['', '(unattributed)'];

/**
 * What of a report's filters names nothing that is set up: the lake may have rows of it all the same (imported touches name
 * campaigns as they like, and it outlives tables that were not adopted), so it is no fault; mostly it is a slip.
 */
export async function filterWarnings({ name, filters }: ReportQuery, services: ApiServices): Promise<Fault[]> {
  const { dimensions = [] } = reports[name] ?? {};
  const found = await Promise.all(
    Object.entries(filters).map(async ([dimension, values]) => {
      const column = dimensions.find((one) => one.name === dimension)?.column ?? '';
      const naming = Object.hasOwn(NAMING, column) ? NAMING[column] : undefined;
      const names = values.filter((value) => !NOBODY.includes(value));
      if (!naming || names.length === 0) return [];
      const known = await naming.known(names, services);
      const message = (value: string) => `there is no ${naming.kind} ${value}; rows that name it would be found`;
      return names
        .filter((value) => !known.has(value))
        .map((value) => fault(`filter.${dimension}`, 'unknown_name', message(value)));
    }),
  );
  return found.flat();
}

/** Says that nothing fits the filters of a request, where nothing does: a report of nothing looks like one without filters. */
export function emptyWarnings(
  { filters, offset }: ReportQuery,
  report: ReportDefinition | undefined,
  rows: readonly Row[],
): Fault[] {
  const used = Object.keys(filters).map((name) => `filter.${name}`);
  const isNothing = (row: Row) => (report?.columns ?? []).every(({ name }) => !isAmount(row[name]));
  if (used.length === 0 || offset > 0 || !rows.every(isNothing)) return [];
  return [fault(used.join(', '), 'nothing_fits', 'nothing in this range has these values')];
}

/** True of a figure other than 0; money is decimal text. */
const isAmount = (value: unknown) =>
  (typeof value === 'number' || typeof value === 'string') && Number.isFinite(Number(value)) && Number(value) !== 0;

/** Says that the account's model is not the one of a report's figures, where it cannot be. */
export function modelWarnings({ replacedModel, choice }: ReportQuery): Fault[] {
  if (!replacedModel || !choice) return [];
  const message = `the account’s model ${replacedModel} credits no single touches: ${choice.model} stands in for it here; ask report attribution for credits under ${replacedModel}, or name a model`;
  return [fault('model', 'model_replaced', message)];
}
