import type { Column, GlueType } from '../lambdas/contract/column.ts';
import { PARTITION } from '../lambdas/contract/lake.ts';
import type { TrinoType, ViewColumn } from './definitions.ts';

const TRINO_TYPES: Readonly<Record<GlueType, TrinoType>> = {
  string: 'varchar',
  bigint: 'bigint',
  double: 'double',
  boolean: 'boolean',
  'array<string>': 'array(varchar)',
};

const HIVE_TYPES: Readonly<Record<TrinoType, string>> = {
  varchar: 'string',
  bigint: 'bigint',
  double: 'double',
  boolean: 'boolean',
  'array(varchar)': 'array<string>',
  'timestamp(3)': 'timestamp',
};

/** The Trino type of a lake column. */
export function trinoType(type: GlueType): TrinoType {
  return TRINO_TYPES[type];
}

/** The Hive type that a Glue table names for a view's column. */
export function hiveType(type: TrinoType): string {
  return HIVE_TYPES[type];
}

/** Columns of a lake table as a view offers them unchanged. */
export function offered(columns: readonly Column[]): ViewColumn[] {
  return columns.map(({ name, type, doc }) => ({ name, type: trinoType(type), doc }));
}

/** The partition column, last in every view. */
export const partitionColumn: ViewColumn = {
  name: PARTITION,
  type: 'varchar',
  doc: 'UTC date of arrival, yyyy-MM-dd. Filter it: it decides which files are read.',
};

/** Names of columns as lines of a SELECT. */
export function selectList(columns: readonly Column[]): string {
  return columns.map(({ name }) => `  ${name}`).join(',\n');
}
