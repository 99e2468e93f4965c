import { Stack } from 'aws-cdk-lib';
import { CfnDatabase, CfnTable } from 'aws-cdk-lib/aws-glue';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { type EventTable, eventTables, lakeTables } from '../../lambdas/contract/lake.ts';
import { rawName, views } from '../../sql/catalog.ts';
import { accessLogTable, parquetTable } from './glue-table.ts';
import { viewTableInput } from './glue-view.ts';

/** Lake tables whose files a report may read. */
export const reportTables = ['clicks', ...eventTables] as const;

export interface LakeCatalogProps {
  readonly databaseName: string;
  readonly bucket: IBucket;
}

/** What Athena knows of the lake: the database, a table per prefix of the bucket, and the views over them. */
export class LakeCatalog extends Construct {
  readonly databaseName: string;
  readonly clicksTable: CfnTable;
  readonly eventTables: Readonly<Record<EventTable, CfnTable>>;

  constructor(scope: Construct, id: string, { databaseName, bucket }: LakeCatalogProps) {
    super(scope, id);
    this.databaseName = databaseName;
    const catalogId = Stack.of(this).account;
    const database = new CfnDatabase(this, 'Database', {
      catalogId,
      databaseName,
      databaseInput: { name: databaseName, description: 'The lake of Onehop: clicks and what became of them.' },
    });
    const place = { catalogId, databaseName, bucket };
    this.clicksTable = parquetTable(this, 'Clicks', { ...place, table: lakeTables.clicks });
    this.eventTables = Object.fromEntries(
      eventTables.map((name) => [name, parquetTable(this, `Table-${name}`, { ...place, table: lakeTables[name] })]),
    ) as Record<EventTable, CfnTable>;
    const accessLogs = accessLogTable(this, 'AccessLogs', { ...place, table: lakeTables.access_logs });
    const viewTables = views.map(
      (view) =>
        new CfnTable(this, `View-${view.name}`, {
          catalogId,
          databaseName,
          tableInput: viewTableInput(view, databaseName),
        }),
    );
    const tables = [this.clicksTable, ...Object.values(this.eventTables), accessLogs, ...viewTables];
    for (const table of tables) table.addResourceDependency(database);
  }

  /** Names of the tables and views that reports read. */
  get readable(): readonly string[] {
    return [...reportTables.map((name) => rawName(lakeTables[name])), ...views.map(({ name }) => name)];
  }
}
