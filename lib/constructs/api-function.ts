import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import type { IpPolicy } from '../../lambdas/contract/edge-config.ts';
import { apiEnvironment } from '../../lambdas/contract/environment.ts';
import { blobPrefix, eventStreamName, eventTables, lakeTables } from '../../lambdas/contract/lake.ts';
import { arnIn, type FunctionDefaults, HouseFunction } from './house-function.ts';
import type { KeySecret } from './key-secret.ts';
import type { LakeBucket } from './lake-bucket.ts';
import { type LakeCatalog, reportTables } from './lake-catalog.ts';
import type { LedgerTable } from './ledger-table.ts';
import type { LinksTable } from './links-table.ts';
import type { QueryWorkgroup } from './query-workgroup.ts';
import { acknowledgePatterns } from './wildcards.ts';

export interface ApiFunctionProps extends FunctionDefaults {
  readonly stage: string;
  /** Origin of the default short domain. */
  readonly shortOrigin: string;
  /** Configured short domains, the default one first. */
  readonly shortDomains: readonly string[];
  readonly ipPolicy: IpPolicy;
  readonly links: LinksTable;
  readonly ledger: LedgerTable;
  /** Keys of codes, click ids and promo codes. */
  readonly keys: KeySecret;
  /** Keys of identities, experiments and sources. */
  readonly home: KeySecret;
  /** Base of the event streams' names. */
  readonly eventStreamBase: string;
  readonly lake: LakeBucket;
  readonly catalog: LakeCatalog;
  readonly workgroup: QueryWorkgroup;
  /** Looks whether destinations answer. */
  readonly checks: IFunction;
}

/** The API's function. What it is told of and what it may do stand side by side. */
export class ApiFunction extends HouseFunction {
  constructor(scope: Construct, id: string, props: ApiFunctionProps) {
    const { runtime, logRetentionDays } = props;
    super(scope, id, {
      runtime,
      logRetentionDays,
      folder: 'api',
      description: 'Onehop API: entities, links, mint, sends, tokens, reports',
      // API Gateway waits 30 s; a report that takes longer is answered with a run to ask for again.
      timeout: Duration.seconds(29),
      memorySize: 1024,
      environment: {
        [apiEnvironment.stage]: props.stage,
        [apiEnvironment.linksTable]: props.links.tableName,
        [apiEnvironment.ledgerTable]: props.ledger.tableName,
        [apiEnvironment.shortOrigin]: props.shortOrigin,
        [apiEnvironment.shortDomains]: props.shortDomains.join(','),
        [apiEnvironment.ipPolicy]: props.ipPolicy,
        [apiEnvironment.glueDatabase]: props.catalog.databaseName,
        [apiEnvironment.athenaWorkgroup]: props.workgroup.workgroupName,
        [apiEnvironment.checkFunction]: props.checks.functionName,
        [apiEnvironment.edgeSecret]: props.keys.secretArn,
        [apiEnvironment.homeSecret]: props.home.secretArn,
        [apiEnvironment.eventStreamBase]: props.eventStreamBase,
        [apiEnvironment.bucket]: props.lake.bucket.bucketName,
      },
      files: { views: 'sql/views', reports: 'sql/reports', saved: 'sql/saved' },
    });
    this.#allowTables(props.links.homeArn, props.ledger.tableArn);
    this.#allowKeysAndStreams(props);
    this.#allowQueries(props);
    this.#allowLake(props.lake);
    this.allow(['lambda:InvokeFunction'], [props.checks.functionArn]);
  }

  #allowTables(...arns: readonly string[]): void {
    const indexes = arns.map((arn) => `${arn}/index/*`);
    const single = ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:DeleteItem'];
    this.allow([...single, 'dynamodb:BatchGetItem', 'dynamodb:BatchWriteItem'], arns);
    this.allow(['dynamodb:Query'], indexes);
    acknowledgePatterns(this.role, 'Every index of the two tables is for lists the API gives.', indexes);
  }

  #allowKeysAndStreams({ keys, home, eventStreamBase }: ApiFunctionProps): void {
    this.allow(['secretsmanager:GetSecretValue'], [keys.secretArn, home.secretArn]);
    const streams = eventTables.map((table) => eventStreamName(eventStreamBase, table));
    this.allow(
      ['firehose:PutRecordBatch'],
      streams.map((name) => arnIn(this, 'firehose', 'deliverystream', name)),
    );
  }

  #allowQueries({ catalog, workgroup }: ApiFunctionProps): void {
    this.allow(
      ['athena:StartQueryExecution', 'athena:GetQueryExecution', 'athena:GetQueryResults'],
      [arnIn(this, 'athena', 'workgroup', workgroup.workgroupName)],
    );
    const tables = catalog.readable.map((table) => arnIn(this, 'glue', 'table', `${catalog.databaseName}/${table}`));
    const database = arnIn(this, 'glue', 'database', catalog.databaseName);
    // Athena asks for this one too, whichever is queried (https://docs.aws.amazon.com/athena/latest/ug/fine-grained-access-to-glue-resources.html).
    const anyDatabase = arnIn(this, 'glue', 'database', 'default');
    const root = Stack.of(this).formatArn({
      service: 'glue',
      resource: 'catalog',
      arnFormat: ArnFormat.NO_RESOURCE_NAME,
    });
    this.allow(['glue:GetDatabase', 'glue:GetTable', 'glue:GetPartitions'], [root, database, anyDatabase, ...tables]);
  }

  #allowLake({ bucket }: LakeBucket): void {
    const prefixes = reportTables.map((table) => `${lakeTables[table].name}/*`);
    const files = prefixes.map((prefix) => bucket.arnForObjects(prefix));
    this.allow(['s3:GetBucketLocation'], [bucket.bucketArn]);
    this.allow(['s3:ListBucket'], [bucket.bucketArn], { StringLike: { 's3:prefix': prefixes } });
    this.allow(['s3:GetObject'], files);
    acknowledgePatterns(this.role, 'A report reads the files of the days it is asked for.', files);
    const bodies = bucket.arnForObjects(`${blobPrefix.bodies}*`);
    this.allow(['s3:GetObject'], [bodies]);
    acknowledgePatterns(this.role, 'Large bodies of postbacks are shown and replayed, by the ids of their messages.', [
      bodies,
    ]);
  }
}
