import { AttributeType } from 'aws-cdk-lib/aws-dynamodb';
import { Construct } from 'constructs';
import { ledgerIndex } from '../../lambdas/contract/keys.ts';
import { KeptTable } from './kept-table.ts';

export interface LedgerTableProps {
  /** Name of a table kept by an earlier destroy. @default a new table */
  readonly adopt?: string;
}

/** Tokens, idempotency keys and later the ledger itself: home region only, the edge has no access. */
export class LedgerTable extends Construct {
  readonly tableName: string;
  readonly tableArn: string;

  constructor(scope: Construct, id: string, { adopt }: LedgerTableProps = {}) {
    super(scope, id);
    const table = new KeptTable(this, 'Table', {
      ...(adopt === undefined ? {} : { adopt }),
      timeToLiveAttribute: 'expires_at',
      globalSecondaryIndexes: [
        {
          indexName: ledgerIndex.byKind,
          partitionKey: { name: 'kind', type: AttributeType.STRING },
          sortKey: { name: 'sort', type: AttributeType.STRING },
        },
      ],
    });
    this.tableName = table.tableName;
    this.tableArn = table.tableArn;
  }
}
