/** Glue types whose JSON form survives Firehose's JSON-to-Parquet conversion: epoch milliseconds are bigint, JSON documents are string. */
export type GlueType = 'string' | 'bigint' | 'boolean' | 'double' | 'array<string>';

/** One column of a lake table. The JSON record, the Glue table, the local Parquet file and the data dictionary derive from it. */
export interface Column {
  readonly name: string;
  readonly type: GlueType;
  /** What the column holds, with unit or shape; one sentence or two for the data dictionary. */
  readonly doc: string;
  /** True where every row has a value; other columns may be null. */
  readonly required?: true;
}

interface TypeOfGlue {
  string: string;
  bigint: number;
  boolean: boolean;
  double: number;
  'array<string>': string[];
}

/** The JSON record of a list of columns: required columns are never null, the others may be. */
export type RecordOf<C extends readonly Column[]> = {
  -readonly [K in C[number] as K['name']]: K extends { required: true }
    ? TypeOfGlue[K['type']]
    : TypeOfGlue[K['type']] | null;
};
