import { Duration } from 'aws-cdk-lib';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import { ledgerEnvironment } from '../../lambdas/contract/environment.ts';
import { blobPrefix, eventStreamName } from '../../lambdas/contract/lake.ts';
import { arnIn, type FunctionDefaults, HouseFunction, type HouseFunctionProps } from './house-function.ts';
import type { KeySecret } from './key-secret.ts';
import type { LedgerTable } from './ledger-table.ts';
import type { LinksTable } from './links-table.ts';
import { acknowledgePatterns } from './wildcards.ts';

export interface LedgerFunctionProps extends FunctionDefaults {
  readonly links: LinksTable;
  readonly ledger: LedgerTable;
  /** Keys of click ids and promo codes. */
  readonly keys: KeySecret;
  /** Keys of identities. */
  readonly home: KeySecret;
  /** The lake's bucket, which holds large bodies. */
  readonly bucket: IBucket;
  /** Base of the event streams' names. */
  readonly eventStreamBase: string;
}

/** Items of the ledger table that keeping the ledger writes; tokens, sources and subscribers are none of them. */
const WRITTEN = ['conv#*', 'order#*', 'event#*', 'quarantine#*', 'unmatched#*', 'rematch#*', 'replay#*'];

const onlyWritten = {
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': WRITTEN },
  Null: { 'dynamodb:LeadingKeys': 'false' },
};

/** A function that keeps the ledger: reads links, sources and people, writes conversions, tells the lake. */
export abstract class LedgerFunction extends HouseFunction {
  constructor(
    scope: Construct,
    id: string,
    props: LedgerFunctionProps,
    own: Pick<HouseFunctionProps, 'folder' | 'description' | 'timeout'>,
  ) {
    super(scope, id, {
      ...own,
      runtime: props.runtime,
      logRetentionDays: props.logRetentionDays,
      timeout: own.timeout ?? Duration.seconds(30),
      memorySize: 1024,
      environment: {
        [ledgerEnvironment.linksTable]: props.links.tableName,
        [ledgerEnvironment.ledgerTable]: props.ledger.tableName,
        [ledgerEnvironment.edgeSecret]: props.keys.secretArn,
        [ledgerEnvironment.homeSecret]: props.home.secretArn,
        [ledgerEnvironment.eventStreamBase]: props.eventStreamBase,
        [ledgerEnvironment.bucket]: props.bucket.bucketName,
      },
    });
    const { tableArn } = props.ledger;
    this.allow(['dynamodb:GetItem', 'dynamodb:BatchGetItem'], [props.links.homeArn, tableArn]);
    this.allow(['dynamodb:PutItem', 'dynamodb:UpdateItem', 'dynamodb:BatchWriteItem'], [tableArn], onlyWritten);
    this.allow(['secretsmanager:GetSecretValue'], [props.keys.secretArn, props.home.secretArn]);
    const stream = eventStreamName(props.eventStreamBase, 'conversions');
    this.allow(['firehose:PutRecordBatch'], [arnIn(this, 'firehose', 'deliverystream', stream)]);
    const bodies = props.bucket.arnForObjects(`${blobPrefix.bodies}*`);
    this.allow(['s3:GetObject'], [bodies]);
    acknowledgePatterns(this.role, 'Large bodies lie under a prefix of their own, by the ids of their messages.', [
      bodies,
    ]);
  }

  /** Lets the function take items out again and look for them by kind. */
  protected allowTidying({ tableArn }: LedgerTable): void {
    this.allow(['dynamodb:DeleteItem'], [tableArn], onlyWritten);
    this.allow(['dynamodb:Query'], [`${tableArn}/index/by-kind`]);
  }
}
