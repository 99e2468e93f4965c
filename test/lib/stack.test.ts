import { readFileSync } from 'node:fs';
import type { Stack } from 'aws-cdk-lib';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../lambdas/api/routes.ts';
import { clickColumns } from '../../lambdas/contract/clicks.ts';
import { EDGE_CONFIG_HEADER, viewerHeaders } from '../../lambdas/contract/edge-config.ts';
import { stackOutputs } from '../../lambdas/contract/outputs.ts';
import { views } from '../../sql/catalog.ts';
import { synthesise } from './synthesise.ts';

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Principal: unknown;
}

interface Resource {
  readonly DependsOn?: unknown;
  readonly Type: string;
  readonly DeletionPolicy?: string;
  // biome-ignore lint/suspicious/noExplicitAny: templates are looked into at every depth
  readonly Properties: any;
}

let template: Template;
let findings: readonly unknown[];
beforeAll(() => {
  const made = synthesise({});
  template = made.template();
  findings = made.findings;
}, 60_000);

const of = (type: string): [string, Resource][] => Object.entries(template.findResources(type)) as [string, Resource][];
const one = (type: string, part: string): Resource => {
  const found = of(type).filter(([id]) => id.startsWith(part));
  expect(found.map(([id]) => id)).toHaveLength(1);
  return (found[0] as [string, Resource])[1];
};
const text = (value: unknown) => JSON.stringify(value);

/** Every statement of the policies that a role has, inline or attached. */
function statementsOf(role: string): { Action: string | string[]; Resource: unknown; Condition?: unknown }[] {
  const roles = of('AWS::IAM::Role').filter(([id]) => id.startsWith(role));
  const inline = roles
    .flatMap(([, { Properties }]) => Properties.Policies ?? [])
    .map((policy) => policy.PolicyDocument);
  const attached = of('AWS::IAM::Policy').filter(([, { Properties }]) => text(Properties.Roles).includes(role));
  return [...inline, ...attached.map(([, { Properties }]) => Properties.PolicyDocument)].flatMap(
    (document) => document.Statement,
  );
}
const actionsOf = (role: string) =>
  statementsOf(role)
    .flatMap(({ Action }) => Action)
    .sort();

describe('the whole stack', () => {
  it('has no finding of the validator or cdk-nag that is not explained', () => expect(findings).toEqual([]));

  it('would not synthesise with one', () => {
    expect(() => synthesise({}, (app) => new Bucket(app.node.findChild('Onehop-prod') as Stack, 'Open'))).toThrow(
      /AwsSolutions-S1/,
    );
  });

  it('has the outputs programs read', () =>
    expect(Object.keys(template.findOutputs('*')).sort()).toEqual([...stackOutputs].sort()));

  it('tags what it makes', () =>
    expect(one('AWS::S3::Bucket', 'Lake').Properties.Tags).toEqual(
      expect.arrayContaining([
        { Key: 'onehop:stage', Value: 'prod' },
        { Key: 'onehop:part', Value: 'lake' },
      ]),
    ));

  it('brings no custom resource', () => {
    const types = Object.values(template.toJSON().Resources as Record<string, Resource>).map(({ Type }) => Type);
    expect(
      types.filter((type) => type.startsWith('Custom::') || type === 'AWS::CloudFormation::CustomResource'),
    ).toEqual([]);
  });

  it('puts no secret anywhere, and none within reach of a regional function', () => {
    for (const [, { Properties }] of of('AWS::SecretsManager::Secret')) expect(Properties.SecretString).toBeUndefined();
    for (const [, { Properties }] of of('AWS::Lambda::Function'))
      expect(text(Properties)).not.toMatch(/EdgeKeys|HomeKeys/);
  });
});

describe('the edge function', () => {
  const edge = () => one('AWS::Lambda::Function', 'RedirectFunction');

  it('has nothing that Lambda@Edge refuses', () => {
    const { Properties } = edge();
    expect(Properties.Runtime).toBe('nodejs24.x');
    for (const refused of ['Environment', 'Layers', 'VpcConfig', 'DeadLetterConfig', 'TracingConfig', 'KmsKeyArn'])
      expect(Properties).not.toHaveProperty(refused);
    expect(Properties.Architectures ?? ['x86_64']).toEqual(['x86_64']);
    expect(Properties.Timeout).toBeLessThanOrEqual(30);
    expect(Properties.MemorySize).toBeGreaterThanOrEqual(256);
  });

  it('and its version are kept on destroy: replicas vanish hours later', () => {
    expect(edge().DeletionPolicy).toBe('Retain');
    expect(of('AWS::Lambda::Version').map(([, { DeletionPolicy }]) => DeletionPolicy)).toEqual(['Retain']);
  });

  it('may do exactly what it does', () => {
    expect(actionsOf('RedirectRole')).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:UpdateItem',
      'firehose:PutRecord',
      'logs:CreateLogGroup',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      'secretsmanager:GetSecretValue',
    ]);
    const write = statementsOf('RedirectRole').find(({ Action }) => Action === 'dynamodb:UpdateItem');
    expect(write?.Condition).toEqual({
      'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['counter#taps#*'] },
      Null: { 'dynamodb:LeadingKeys': 'false' },
    });
    const secrets = statementsOf('RedirectRole').find(({ Action }) => Action === 'secretsmanager:GetSecretValue');
    expect(text(secrets?.Resource)).toContain('EdgeKeys');
    expect(text(secrets?.Resource)).not.toContain('HomeKeys');
    expect(text(statementsOf('RedirectRole').map(({ Resource }) => Resource))).not.toContain('LedgerTable');
  });

  it('may write its log in every region, and trusts both services', () => {
    const logs = statementsOf('RedirectRole').find(({ Action }) => [Action].flat().includes('logs:CreateLogGroup'));
    expect(text(logs?.Resource)).toContain(':logs:*:');
    expect(text(logs?.Resource)).toContain('/aws/lambda/us-east-1.Onehop-prod-RedirectFunction*');
    expect(text(one('AWS::IAM::Role', 'RedirectRole').Properties.AssumeRolePolicyDocument)).toContain(
      'edgelambda.amazonaws.com',
    );
  });
});

describe('the others', () => {
  it('may do exactly what they do', () => {
    expect(actionsOf('LakeClicksRole')).toEqual([
      'glue:GetTable',
      'glue:GetTableVersion',
      'glue:GetTableVersions',
      'lambda:GetFunctionConfiguration',
      'lambda:InvokeFunction',
      'logs:PutLogEvents',
      's3:AbortMultipartUpload',
      's3:GetBucketLocation',
      's3:ListBucket',
      's3:ListBucketMultipartUploads',
      's3:PutObject',
    ]);
    expect(actionsOf('EdgeLogsRole')).toEqual([
      'logs:CreateLogStream',
      'logs:DescribeLogGroups',
      'logs:PutLogEvents',
      'logs:PutRetentionPolicy',
    ]);
    expect(actionsOf('ApiFunctionRole')).toEqual([
      'athena:GetQueryExecution',
      'athena:GetQueryResults',
      'athena:StartQueryExecution',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'glue:GetDatabase',
      'glue:GetPartitions',
      'glue:GetTable',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetBucketLocation',
      's3:GetObject',
      's3:ListBucket',
    ]);
  });

  it('may be called and written to by the services that must', () => {
    expect(text(one('AWS::Logs::ResourcePolicy', 'LakeErrors').Properties)).toContain('events.amazonaws.com');
    const bucket = one('AWS::S3::BucketPolicy', 'Lake').Properties.PolicyDocument.Statement as Statement[];
    expect(bucket.filter(({ Principal }) => text(Principal).includes('delivery.logs.amazonaws.com'))).toMatchObject([
      { Action: 's3:PutObject', Effect: 'Allow' },
    ]);
    const api = of('AWS::Lambda::Permission').map(([, { Properties }]) => text(Properties.SourceArn));
    expect(api.some((arn) => arn.includes('/*/$default'))).toBe(true);
    expect(api.some((arn) => arn.includes('/*/*/*'))).toBe(true);
  });

  it('wait for what they need', () => {
    const stream = one('AWS::KinesisFirehose::DeliveryStream', 'Lake');
    expect(text(stream.DependsOn)).toContain('LakeClicksPolicy');
    expect(text(stream.DependsOn)).toContain('LakeCatalogClicks');
  });
});

describe('the distribution', () => {
  const config = () => one('AWS::CloudFront::Distribution', 'Domains').Properties.DistributionConfig;

  it('caches nothing, errors included, and speaks HTTP/2, HTTP/3 and IPv6', () => {
    const { CustomErrorResponses, DefaultCacheBehavior, HttpVersion, IPV6Enabled } = config();
    expect(DefaultCacheBehavior.CachePolicyId).toBe('4135ea2d-6df8-44a3-9df3-4b5a84be39ad');
    const codes = CustomErrorResponses.map((each: { ErrorCode: number }) => each.ErrorCode);
    expect(codes).toEqual(expect.arrayContaining([400, 403, 404, 405, 414, 500, 501, 502, 503, 504]));
    expect(CustomErrorResponses.every((each: { ErrorCachingMinTTL: number }) => each.ErrorCachingMinTTL === 0)).toBe(
      true,
    );
    expect([HttpVersion, IPV6Enabled, DefaultCacheBehavior.ViewerProtocolPolicy]).toEqual([
      'http2and3',
      true,
      'redirect-to-https',
    ]);
  });

  it('calls the function at origin-request with Host, geography, ASN and JA4', () => {
    expect(config().DefaultCacheBehavior.LambdaFunctionAssociations).toMatchObject([{ EventType: 'origin-request' }]);
    const { HeadersConfig } = one('AWS::CloudFront::OriginRequestPolicy', 'Domains').Properties
      .OriginRequestPolicyConfig;
    expect(HeadersConfig).toEqual({ HeaderBehavior: 'allViewerAndWhitelistCloudFront', Headers: [...viewerHeaders] });
    expect(HeadersConfig.Headers.length).toBeLessThanOrEqual(10);
  });

  it('hands the settings over in the origin header', () => {
    const [origin] = config().Origins;
    expect(origin.OriginCustomHeaders).toMatchObject([{ HeaderName: EDGE_CONFIG_HEADER }]);
    const value = text(origin.OriginCustomHeaders[0].HeaderValue);
    for (const part of ['LinksTable', 'EdgeKeys', 'onehop-prod-clicks', 'hash']) expect(value).toContain(part);
    expect(value).not.toContain('HomeKeys');
  });

  it('logs the fields a repair needs, without the address', () => {
    const { RecordFields, S3SuffixPath } = one('AWS::Logs::Delivery', 'Domains').Properties;
    expect(RecordFields).toEqual(
      expect.arrayContaining(['timestamp(ms)', 'x-edge-request-id', 'cs-uri-stem', 'cs-uri-query', 'x-host-header']),
    );
    expect(RecordFields).not.toContain('c-ip');
    expect(S3SuffixPath).toBeTruthy();
  });
});

describe('what is kept', () => {
  it('are tables on demand with recovery, protection and indexes', () => {
    for (const [, table] of of('AWS::DynamoDB::GlobalTable')) {
      expect(table.DeletionPolicy).toBe('Retain');
      expect(table.Properties.BillingMode).toBe('PAY_PER_REQUEST');
      expect(table.Properties.Replicas).toMatchObject([
        {
          Region: 'us-east-1',
          DeletionProtectionEnabled: true,
          PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
        },
      ]);
      expect(table.Properties).not.toHaveProperty('TableName');
    }
    const indexes = (id: string) =>
      one('AWS::DynamoDB::GlobalTable', id).Properties.GlobalSecondaryIndexes.map(
        (index: { IndexName: string }) => index.IndexName,
      );
    expect([indexes('Links'), indexes('Ledger')]).toEqual([['by-kind', 'by-campaign'], ['by-kind']]);
    expect(one('AWS::DynamoDB::GlobalTable', 'Ledger').Properties.TimeToLiveSpecification).toEqual({
      AttributeName: 'expires_at',
      Enabled: true,
    });
  });

  it('are key secrets whose properties never change: a change would make CloudFormation write new keys', () => {
    const frozen = {
      ExcludePunctuation: true,
      GenerateStringKey: 'key_1',
      PasswordLength: 64,
      SecretStringTemplate: '{}',
    };
    expect(
      of('AWS::SecretsManager::Secret').map(([, secret]) => [
        secret.DeletionPolicy,
        secret.Properties.GenerateSecretString,
      ]),
    ).toEqual([
      ['Retain', frozen],
      ['Retain', frozen],
    ]);
  });

  it('is a bucket for TLS only, closed to the public, versioned, tidied', () => {
    const bucket = one('AWS::S3::Bucket', 'Lake');
    expect(bucket.DeletionPolicy).toBe('Retain');
    expect(bucket.Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
    const rules = bucket.Properties.LifecycleConfiguration.Rules;
    expect(rules).toContainEqual(
      expect.objectContaining({ Prefix: 'access_logs/', ExpirationInDays: 30, Status: 'Enabled' }),
    );
    expect(text(rules)).not.toContain('"clicks/"');
    expect(text(one('AWS::S3::BucketPolicy', 'Lake').Properties)).toContain('aws:SecureTransport');
  });
});

describe('the lake', () => {
  const stream = () =>
    one('AWS::KinesisFirehose::DeliveryStream', 'Lake').Properties.ExtendedS3DestinationConfiguration;
  const clicks = () =>
    Object.values(template.findResources('AWS::Glue::Table')).find(
      ({ Properties }) => Properties.TableInput.Name === 'clicks_raw',
    )?.Properties.TableInput;

  it('gets Parquet in buffers large enough for the conversion, through the enrichment', () => {
    expect(stream().BufferingHints.SizeInMBs).toBeGreaterThanOrEqual(64);
    expect(stream().DataFormatConversionConfiguration).toMatchObject({
      Enabled: true,
      SchemaConfiguration: { TableName: 'clicks_raw', DatabaseName: 'onehop_prod' },
    });
    expect(text(stream().ProcessingConfiguration)).toContain('Enrich');
  });

  it('writes where the table’s projection looks', () => {
    expect(stream().Prefix).toBe('clicks/dt=!{timestamp:yyyy-MM-dd}/');
    expect(stream().ErrorOutputPrefix).toMatch(/^errors\/clicks\/!\{firehose:error-output-type\}\//);
    expect(clicks().Parameters).toMatchObject({
      'projection.enabled': 'true',
      'projection.dt.type': 'date',
      'projection.dt.format': 'yyyy-MM-dd',
    });
    expect(text(clicks().StorageDescriptor.Location)).toContain('/clicks/');
  });

  it('has the contract’s columns, in order', () =>
    expect(
      clicks().StorageDescriptor.Columns.map(({ Name, Type }: { Name: string; Type: string }) => [Name, Type]),
    ).toEqual(clickColumns.map(({ name, type }) => [name, type])));

  it('has the catalogue’s views, decodable by Athena', () => {
    const tables = Object.values(template.findResources('AWS::Glue::Table')).map(
      ({ Properties }) => Properties.TableInput,
    );
    for (const view of views) {
      const table = tables.find(({ Name, TableType }) => Name === view.name && TableType === 'VIRTUAL_VIEW');
      const [, base64 = ''] = /^\/\* Presto View: (\S+) \*\/$/.exec(table.ViewOriginalText) ?? [];
      const decoded = JSON.parse(Buffer.from(base64, 'base64').toString());
      expect(decoded).toMatchObject({ originalSql: view.sql, catalog: 'awsdatacatalog', schema: 'onehop_prod' });
      expect(table.StorageDescriptor.Columns.map((column: { Name: string }) => column.Name)).toEqual(
        decoded.columns.map((column: { name: string }) => column.name),
      );
    }
  });

  it('limits what a query may scan', () =>
    template.hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: {
        EnforceWorkGroupConfiguration: true,
        BytesScannedCutoffPerQuery: Match.anyValue(),
        ManagedQueryResultsConfiguration: { Enabled: true },
      },
    }));
});

describe('the API', () => {
  it('has a named route for each call of the function and no other', () => {
    const keys = of('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties.RouteKey);
    expect(keys.sort()).toEqual([...routes.map(({ method, path }) => `${method} ${path}`), '$default'].sort());
  });

  it('logs the route’s name, never path, query or address', () => {
    const { Format } = one('AWS::ApiGatewayV2::Stage', 'Api').Properties.AccessLogSettings;
    expect(Format).toContain('$context.routeKey');
    expect(Format).not.toMatch(/context\.path|requestUri|queryString|sourceIp|identity/);
  });

  it('may touch its tables, its workgroup and the clicks, and nothing else', () => {
    const actions = new Set(actionsOf('ApiFunction'));
    expect([...actions].filter((action) => /\*|Scan|Batch|secretsmanager|firehose|DeleteObject/.test(action))).toEqual(
      [],
    );
    expect([...actions]).toEqual(
      expect.arrayContaining(['dynamodb:PutItem', 'athena:StartQueryExecution', 'glue:GetTable', 's3:GetObject']),
    );
  });
});

describe('alarms', () => {
  const runbook = readFileSync(new URL('../../docs/runbook.md', import.meta.url), 'utf8');
  const headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, heading = '']) => heading);
  const alarms = () => of('AWS::CloudWatch::Alarm').map(([, { Properties }]) => Properties);
  const named = () =>
    alarms().map(({ AlarmDescription }) => /Runbook: docs\/runbook\.md, "(.+)"/.exec(AlarmDescription)?.[1] ?? '');

  it('each have a heading of the runbook, and each heading an alarm', () =>
    expect([...new Set(named())].sort()).toEqual(headings.toSorted()));

  it('each say what is felt and tell somebody', () => {
    for (const alarm of alarms()) {
      expect(alarm.AlarmDescription).toMatch(/^Impact: .{20,}/);
      expect(alarm.AlarmActions).toHaveLength(1);
    }
  });

  it('reach the topic, which lets CloudWatch publish', () => {
    const statements = one('AWS::SNS::TopicPolicy', 'Alarms').Properties.PolicyDocument.Statement as Statement[];
    expect(
      statements.filter(
        ({ Effect, Principal }) => Effect === 'Allow' && text(Principal).includes('cloudwatch.amazonaws.com'),
      ),
    ).toMatchObject([
      { Action: 'sns:Publish', Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } } },
    ]);
  });

  it('ring at these figures', () => {
    const figures = alarms().map(({ MetricName, Threshold, Period, EvaluationPeriods }) => [
      MetricName,
      Threshold,
      Period,
      EvaluationPeriods,
    ]);
    expect(figures.map((figure) => figure.join(' ').replace(/^\w{40,}-429/, '429')).sort()).toEqual([
      '429 20 300 1',
      '5xx 5 300 1',
      '5xxErrorRate 5 300 3',
      'DeliveryToS3.DataFreshness 900 300 2',
      'FailedConversion.Records 0 300 1',
      'Invocations 0 300 1',
      'ThrottledRecords 0 300 1',
      'Throttles 0 300 1',
    ]);
  });

  it('each runbook entry says what it is, how to look and what to do', () => {
    for (const section of runbook.split(/^## /m).slice(1))
      expect([...section.matchAll(/^### (\w+)\n+\S/gm)].map(([, part]) => part)).toEqual([
        'Description',
        'Investigation',
        'Resolution',
      ]);
  });

  it('watch what can be seen: 5xx of each distribution globally, freshness, conversion, error prefix, API', () => {
    const metrics = alarms().map(({ MetricName }) => MetricName);
    expect(metrics).toEqual(
      expect.arrayContaining([
        '5xxErrorRate',
        'DeliveryToS3.DataFreshness',
        'FailedConversion.Records',
        'Invocations',
        '5xx',
        'Throttles',
      ]),
    );
    const edge = alarms().find(({ MetricName }) => MetricName === '5xxErrorRate');
    expect(text(edge.Dimensions)).toContain('Global');
  });
});
