import { Stack } from 'aws-cdk-lib';
import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { linksIndex } from '../../lambdas/contract/keys.ts';
import { KeptTable } from './kept-table.ts';

export interface LinksTableProps {
  /** Regions beside the stack's own that hold a replica. @default none */
  readonly replicaRegions?: readonly string[];
  /** Name of a table kept by an earlier destroy. @default a new table */
  readonly adopt?: string;
}

/** Links, offers, campaigns and domains: small, read by the edge, replicated near big audiences. */
export class LinksTable extends Construct {
  readonly tableName: string;
  /** ARN in the stack's region: the only place that is written to. */
  readonly homeArn: string;
  /** ARNs of the table and of every replica. A grant of the home table alone would deny the replicas. */
  readonly arns: readonly string[];

  constructor(scope: Construct, id: string, { replicaRegions = [], adopt }: LinksTableProps = {}) {
    super(scope, id);
    const table = new KeptTable(this, 'Table', {
      replicaRegions,
      ...(adopt === undefined ? {} : { adopt }),
      globalSecondaryIndexes: [
        {
          indexName: linksIndex.byKind,
          partitionKey: { name: 'kind', type: AttributeType.STRING },
          sortKey: { name: 'sort', type: AttributeType.STRING },
        },
        {
          indexName: linksIndex.byCampaign,
          partitionKey: { name: 'campaign_id', type: AttributeType.STRING },
          sortKey: { name: 'sort', type: AttributeType.STRING },
        },
      ],
    });
    this.tableName = table.tableName;
    this.homeArn = table.tableArn;
    const replicaArn = (region: string) =>
      Stack.of(this).formatArn({ service: 'dynamodb', region, resource: 'table', resourceName: table.tableName });
    this.arns = [table.tableArn, ...replicaRegions.map(replicaArn)];
  }
}
