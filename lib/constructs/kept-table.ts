import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, Billing, type GlobalSecondaryIndexPropsV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';

export interface KeptTableProps {
  readonly globalSecondaryIndexes: readonly GlobalSecondaryIndexPropsV2[];
  /** @default no item expires */
  readonly timeToLiveAttribute?: string;
  /** @default none */
  readonly replicaRegions?: readonly string[];
  /** Name of an existing table to use as it is. @default a new table with a generated name */
  readonly adopt?: string;
}

/** A table on demand that outlives the stack: point-in-time recovery, deletion protection, retained on destroy. */
export class KeptTable extends Construct {
  readonly tableName: string;
  readonly tableArn: string;

  constructor(scope: Construct, id: string, props: KeptTableProps) {
    super(scope, id);
    if (props.adopt !== undefined) {
      this.tableName = props.adopt;
      this.tableArn = Stack.of(this).formatArn({ service: 'dynamodb', resource: 'table', resourceName: props.adopt });
      return;
    }
    const table = new TableV2(this, 'Resource', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      globalSecondaryIndexes: [...props.globalSecondaryIndexes],
      replicas: (props.replicaRegions ?? []).map((region) => ({ region })),
      billing: Billing.onDemand(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      removalPolicy: RemovalPolicy.RETAIN,
      ...(props.timeToLiveAttribute === undefined ? {} : { timeToLiveAttribute: props.timeToLiveAttribute }),
    });
    this.tableName = table.tableName;
    this.tableArn = table.tableArn;
  }
}
