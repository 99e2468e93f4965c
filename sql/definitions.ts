import type { Fault } from '../lambdas/core/api/problem.ts';
import type { Statement } from '../lambdas/core/reports/query-engine.ts';
import type { AttributionTerms } from './attribution-terms.ts';
import type { LiftTerms } from './lift-terms.ts';

/** Types of Trino that views offer; the Hive type that a Glue column names is derived from them. */
export type TrinoType = 'varchar' | 'bigint' | 'double' | 'boolean' | 'array(varchar)' | 'timestamp(3)';

export interface ViewColumn {
  readonly name: string;
  readonly type: TrinoType;
  /** What it holds, with its unit. */
  readonly doc: string;
}

export interface View {
  readonly name: string;
  /** One row is … */
  readonly grain: string;
  /** Relation it reads. */
  readonly source: string;
  readonly doc: string;
  /** One SELECT without placeholders; relation names are unqualified. */
  readonly sql: string;
  /** In the order of the SELECT. */
  readonly columns: readonly ViewColumn[];
}

/** A statement offered by name in Athena's console; it runs as it is. */
export interface SavedQuery {
  readonly name: string;
  readonly doc: string;
  readonly sql: string;
  /** Days of arrival before today that it reads. */
  readonly days: number;
}

export interface ReportDimension {
  /** What `by` and `filter.<name>` take: the column's own name, or a short name for it. */
  readonly name: string;
  /** Column of the rows that holds its value; a short name's value stands in both. */
  readonly column: string;
  readonly definition: string;
}

export interface ReportColumn {
  readonly name: string;
  readonly unit: string;
  readonly definition: string;
  /** False where the figures of groups must not be added up: the total row has the figure instead. */
  readonly additive: boolean;
}

type Row = Readonly<Record<string, unknown>>;

/** An arm as its experiment plans it. */
export interface PlannedArm {
  readonly name: string;
  /** Share of the subscribers, on any scale that the arms of an experiment have in common. */
  readonly share: number;
}

/** What a report may ask for beside the rows of its statement. */
export interface ReportContext {
  /** Arms of experiments by id; experiments that nobody has set up are missing. */
  readonly plannedArms: (experiments: readonly string[]) => Promise<ReadonlyMap<string, readonly PlannedArm[]>>;
}

export interface ReportDefinition {
  readonly name: string;
  readonly dimensions: readonly ReportDimension[];
  /** Dimensions that other reports have and this one has not, and why. @default none */
  readonly withoutMeaning?: { readonly names: readonly string[]; readonly why: string };
  /** True where `attr.<name>`, a column of the sender's list, is a dimension too. */
  readonly attributes: boolean;
  readonly columns: readonly ReportColumn[];
  /** Clocks that may decide range and day, the default first. */
  readonly bases: readonly [string, ...string[]];
  /** Dimensions that rows are by whether or not the request names them. */
  readonly alwaysBy: readonly string[];
  /** True where rows are looked for however long after the range they arrived. @default seven days, LATE_ARRIVAL_DAYS */
  readonly readsOn?: boolean;
  /** True where conversions are credited: the request needs terms. @default false */
  readonly attributed?: boolean;
  /** True where money is converted: the request may name a currency. @default false */
  readonly converting?: boolean;
  /** True where groups are compared by a metric that the request names. @default false */
  readonly comparing?: boolean;
  /** True where arms are compared: the request needs the set-ups of experiments. @default false */
  readonly comparesArms?: boolean;
  /** Where the range begins if nobody says: seven days before its end, or with the first row there is. */
  readonly defaultRange: 'week' | 'everything';
  /** @throws ReportRequestError on a dimension that the report does not have */
  readonly render: (request: ReportRequest) => Statement;
  /** What SQL cannot tell: takes the rows of a page, the total among them, and returns those to show. */
  readonly finish?: (rows: readonly Row[], request: ReportRequest, context: ReportContext) => Promise<readonly Row[]>;
  /** True where `finish` takes the rows of all pages, and returns the total and those of the page asked for and one more. @default false */
  readonly finishesPages?: (request: ReportRequest) => boolean;
  /** What a reader has to know of the rows of the statement that the rows shown cannot tell. @default nothing */
  readonly warn?: (rows: readonly Row[], request: ReportRequest) => readonly Fault[];
}

export interface ReportRequest {
  /** Begin of the range, epoch ms. */
  readonly from: number;
  /** End of the range, epoch ms, exclusive. */
  readonly to: number;
  /** IANA time zone of days, hours and weekdays. */
  readonly tz: string;
  readonly by: readonly string[];
  /** Values each dimension may have; the empty text stands for rows without a value. */
  readonly filters: Readonly<Record<string, readonly string[]>>;
  /** Groups to return; the total row comes in addition. */
  readonly limit: number;
  /** Groups to skip. */
  readonly offset: number;
  /** When it is asked, epoch ms: what may still change then is marked. @default the end of the range */
  readonly asOf?: number | undefined;
  /** Clock that decides range and day. @default the first of the report's bases */
  readonly basis?: string;
  /** Currency that money is converted into, ISO 4217. @default the account's */
  readonly currency?: string;
  /** Ratio that groups are compared by. @default none, for reports that compare no groups */
  readonly metric?: string;
  /** Set-ups of experiments. @default none, for reports that compare no arms */
  readonly experiments?: LiftTerms;
  /** How conversions are credited. @default none, for reports that credit nothing */
  readonly terms?: AttributionTerms;
}

/** A request names something that the report does not have. */
export class ReportRequestError extends Error {
  override readonly name = 'ReportRequestError';
}

/**
 * Days after a click on which its record may still arrive and be found by reports: a click that had to be replayed from a
 * log comes late. Every day more is a day more to read for questions about the past.
 */
export const LATE_ARRIVAL_DAYS = 7;
