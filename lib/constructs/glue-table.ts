import { CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { accessLogColumns } from '../../lambdas/contract/access-logs.ts';
import { type LakeTable, PARTITION } from '../../lambdas/contract/lake.ts';
import { rawName } from '../../sql/catalog.ts';

export interface GlueTableProps {
  readonly catalogId: string;
  readonly databaseName: string;
  readonly bucket: IBucket;
  readonly table: LakeTable;
}

/** No row of any deployment is older. */
const FIRST_DAY = '2026-01-01';

const parquet = {
  inputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat',
  serdeInfo: { serializationLibrary: 'org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe' },
};

/** CloudFront's field names hold brackets and capitals, which a column cannot: each column names its field. */
const cloudFrontJson = {
  inputFormat: 'org.apache.hadoop.mapred.TextInputFormat',
  outputFormat: 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat',
  serdeInfo: {
    serializationLibrary: 'org.openx.data.jsonserde.JsonSerDe',
    parameters: {
      'case.insensitive': 'false',
      ...Object.fromEntries(accessLogColumns.map(({ name, field }) => [`mapping.${name}`, field])),
    },
  },
};

/** Lets Athena work out the days instead of listing them: no crawler, and a new day is there at once. */
function projection(format: string, days: readonly [string, string], more: Readonly<Record<string, string>> = {}) {
  return {
    'projection.enabled': 'true',
    [`projection.${PARTITION}.type`]: 'date',
    [`projection.${PARTITION}.format`]: format,
    [`projection.${PARTITION}.range`]: days.join(','),
    [`projection.${PARTITION}.interval`]: '1',
    [`projection.${PARTITION}.interval.unit`]: 'DAYS',
    ...more,
  };
}

/** A table of Parquet files that a click stream writes: `<bucket>/<table>/dt=yyyy-MM-dd/`. */
export function parquetTable(scope: Construct, id: string, props: GlueTableProps): CfnTable {
  const parameters = { classification: 'parquet', ...projection('yyyy-MM-dd', [FIRST_DAY, 'NOW']) };
  return glueTable(scope, id, props, parquet, parameters);
}

/** The table of CloudFront's access logs: `<bucket>/access_logs/yyyy/MM/dd/`, JSON lines. */
export function accessLogTable(scope: Construct, id: string, props: GlueTableProps): CfnTable {
  const template = `${locationOf(props)}\${${PARTITION}}/`;
  // No more days than the logs are kept: each is a folder to look into for a question that names none.
  const days = ['NOW-31DAYS', 'NOW'] as const;
  const parameters = {
    classification: 'json',
    ...projection('yyyy/MM/dd', days, { 'storage.location.template': template }),
  };
  return glueTable(scope, id, props, cloudFrontJson, parameters);
}

const locationOf = ({ bucket, table }: GlueTableProps) => bucket.s3UrlForObject(`${table.name}/`);

function glueTable(
  scope: Construct,
  id: string,
  props: GlueTableProps,
  format: typeof parquet,
  parameters: Record<string, string>,
): CfnTable {
  const { table, databaseName, catalogId } = props;
  return new CfnTable(scope, id, {
    catalogId,
    databaseName,
    tableInput: {
      name: rawName(table),
      description: table.doc,
      tableType: 'EXTERNAL_TABLE',
      parameters: { EXTERNAL: 'TRUE', ...parameters },
      partitionKeys: [{ name: PARTITION, type: 'string', comment: 'UTC date of arrival.' }],
      storageDescriptor: {
        columns: table.columns.map(({ name, type, doc }) => ({ name, type, comment: comment(doc) })),
        location: locationOf(props),
        ...format,
      },
    },
  });
}

/** Glue takes 255 characters (https://docs.aws.amazon.com/glue/latest/webapi/API_Column.html). */
const comment = (doc: string) => (doc.length <= 255 ? doc : `${doc.slice(0, 254)}…`);
