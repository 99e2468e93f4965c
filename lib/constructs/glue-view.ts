import type { CfnTable } from 'aws-cdk-lib/aws-glue';
import { hiveType, type View } from '../../sql/catalog.ts';

/**
 * A view in the form Athena itself stores: a Glue table whose text is base64 of a JSON document. The columns stand twice,
 * in Trino's types inside and in Hive's outside, in the same order; where they differ Athena calls the view stale.
 */
export function viewTableInput(view: View, databaseName: string): CfnTable.TableInputProperty {
  const document = {
    originalSql: view.sql,
    catalog: 'awsdatacatalog',
    schema: databaseName,
    columns: view.columns.map(({ name, type }) => ({ name, type })),
    owner: 'onehop',
    runAsInvoker: false,
    properties: {},
  };
  const text = Buffer.from(JSON.stringify(document)).toString('base64');
  return {
    name: view.name,
    tableType: 'VIRTUAL_VIEW',
    parameters: { presto_view: 'true', comment: 'Presto View' },
    viewOriginalText: `/* Presto View: ${text} */`,
    viewExpandedText: '/* Presto View */',
    partitionKeys: [],
    storageDescriptor: {
      columns: view.columns.map(({ name, type, doc }) => ({ name, type: hiveType(type), comment: doc.slice(0, 255) })),
      location: '',
      serdeInfo: {},
    },
  };
}
