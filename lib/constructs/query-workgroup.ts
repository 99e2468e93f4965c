import { Validations } from 'aws-cdk-lib';
import { CfnNamedQuery, CfnWorkGroup } from 'aws-cdk-lib/aws-athena';
import { Construct } from 'constructs';
import { savedQueries } from '../../sql/catalog.ts';

export interface QueryWorkgroupProps {
  readonly name: string;
  readonly databaseName: string;
  /** Most bytes one query may scan. */
  readonly scanLimitBytes: number;
}

/** Where every query of the lake runs: a scan limit that cannot be switched off, results kept by Athena for a day. */
export class QueryWorkgroup extends Construct {
  readonly workgroupName: string;

  constructor(scope: Construct, id: string, { name, databaseName, scanLimitBytes }: QueryWorkgroupProps) {
    super(scope, id);
    this.workgroupName = name;
    const workgroup = new CfnWorkGroup(this, 'Workgroup', {
      name,
      description: 'Questions about clicks, with a limit of bytes a query may scan.',
      recursiveDeleteOption: true,
      workGroupConfiguration: {
        enforceWorkGroupConfiguration: true,
        publishCloudWatchMetricsEnabled: true,
        bytesScannedCutoffPerQuery: scanLimitBytes,
        engineVersion: { selectedEngineVersion: 'Athena engine version 3' },
        managedQueryResultsConfiguration: { enabled: true },
      },
    });
    Validations.of(workgroup).acknowledge({
      id: 'AwsSolutions-ATH1',
      reason:
        'Managed query results are always encrypted by Athena; the rule looks for a results bucket, and there is none.',
    });
    for (const query of savedQueries) {
      const saved = new CfnNamedQuery(this, query.name, {
        name: query.name,
        description: query.doc,
        queryString: query.sql,
        database: databaseName,
        workGroup: name,
      });
      saved.addResourceDependency(workgroup);
    }
  }
}
