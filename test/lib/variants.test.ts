import type { Template } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import type { DomainConfig } from '../../lib/config/onehop-config.ts';
import { MAX_DOMAINS } from '../../lib/config/schema.ts';
import { CERTIFICATE, synthesise, ZONE } from './synthesise.ts';

const inZone = (name: string): DomainConfig => ({ name, hostedZone: ZONE, fallbackUrl: 'https://brand.com/' });
const resources = (template: Template) =>
  template.toJSON().Resources as Record<
    string,
    { Type: string; DeletionPolicy?: string; Properties: Record<string, unknown> }
  >;
const count = (template: Template, type: string) =>
  Object.values(resources(template)).filter(({ Type }) => Type === type).length;
const text = (value: unknown) => JSON.stringify(value);

describe('one domain with its zone', () => {
  const { template, findings } = synthesise({ domains: [inZone('go.brand.com')] });

  it('gets a certificate, a distribution for its name with TLS 1.2, and A, AAAA and HTTPS records', () => {
    expect(findings).toEqual([]);
    expect([
      count(template(), 'AWS::CertificateManager::Certificate'),
      count(template(), 'AWS::CloudFront::Distribution'),
    ]).toEqual([1, 1]);
    template().hasResourceProperties('AWS::CloudFront::Distribution', {
      DistributionConfig: {
        Aliases: ['go.brand.com'],
        ViewerCertificate: { MinimumProtocolVersion: 'TLSv1.2_2021', SslSupportMethod: 'sni-only' },
      },
    });
    const [records, ...others] = Object.entries(template().findResources('AWS::Route53::RecordSetGroup'));
    const { HostedZoneId, RecordSets } = records?.[1].Properties ?? {};
    expect([HostedZoneId, others.length]).toEqual([ZONE.id, 0]);
    expect(RecordSets.map(({ Name, Type }: Record<string, string>) => [Name, Type])).toEqual(
      ['A', 'AAAA', 'HTTPS'].map((type) => ['go.brand.com.', type]),
    );
    const [distribution] = Object.keys(template().findResources('AWS::CloudFront::Distribution'));
    for (const { AliasTarget } of RecordSets)
      expect(text(AliasTarget.DNSName)).toBe(text({ 'Fn::GetAtt': [distribution, 'DomainName'] }));
    expect(text(template().findOutputs('ShortUrl'))).toContain('https://go.brand.com');
    expect(text(template().findResources('AWS::CloudFront::Distribution'))).toContain('https://brand.com/');
  });

  it('leaves every other resource alone when a second domain comes', () => {
    const before = resources(template());
    const after = resources(synthesise({ domains: [inZone('go.brand.com'), inZone('two.brand.com')] }).template());
    const added = Object.keys(after).filter((id) => !(id in before));
    expect(Object.keys(before).filter((id) => !(id in after))).toEqual([]);
    expect(added.length).toBe(6);
    expect(added.filter((id) => !/twobrandcom/i.test(id))).toEqual([]);
    const changed = Object.keys(before).filter((id) => text(before[id]) !== text(after[id]));
    // The API is told of its domains and the dashboard shows them; nothing that serves the first domain changes.
    expect(changed.map((id) => before[id]?.Type).sort()).toEqual([
      'AWS::CloudWatch::Dashboard',
      'AWS::Lambda::Function',
    ]);
    expect(changed.filter((id) => /^(Domains|Redirect)/.test(id))).toEqual([]);
  });
});

describe('as many domains as the config takes', () => {
  const names = Array.from({ length: MAX_DOMAINS }, (_, at) => `go${at}.brand.com`);
  const { template, findings } = synthesise({
    domains: names.map(inZone),
    apiDomain: { name: 'api.brand.com', hostedZone: ZONE },
    alarmEmail: 'alarms@brand.com',
    streams: { shards: 2 },
  });

  it('get one certificate and one distribution each, within what a stack may hold', () => {
    expect(findings).toEqual([]);
    expect([
      count(template(), 'AWS::CertificateManager::Certificate'),
      count(template(), 'AWS::CloudFront::Distribution'),
    ]).toEqual([MAX_DOMAINS + 1, MAX_DOMAINS]);
    // CloudFormation's limit; the CDK refuses more, too.
    expect(Object.keys(resources(template())).length).toBeLessThan(500);
    expect(count(template(), 'AWS::Lambda::Version')).toBe(1);
  });
});

describe('DNS elsewhere', () => {
  const { template, findings } = synthesise({
    domains: [{ name: 'go.brand.com', certificateArn: CERTIFICATE }],
    apiDomain: { name: 'api.brand.com', certificateArn: CERTIFICATE },
  });

  it('uses the given certificate and says which records to make', () => {
    expect(findings).toEqual([]);
    expect([
      count(template(), 'AWS::CertificateManager::Certificate'),
      count(template(), 'AWS::Route53::RecordSetGroup'),
    ]).toEqual([0, 0]);
    const outputs = text(template().findOutputs('*'));
    expect(outputs).toContain('go.brand.com CNAME ');
    expect(outputs).toContain('api.brand.com CNAME ');
    expect(text(template().findOutputs('ApiUrl'))).toContain('https://api.brand.com');
  });
});

describe('replicas and regional streams', () => {
  const made = synthesise({
    replicaRegions: ['eu-west-1'],
    streams: { shards: 2, regions: { 'eu-west-1': 1, 'ap-southeast-2': 3 } },
  });

  it('synthesise without findings, the home stack first', () => {
    expect(made.findings).toEqual([]);
    expect(made.stacks[0]).toBe('Onehop-prod');
    expect(made.stacks.toSorted()).toEqual(['Onehop-prod', 'Onehop-prod-ap-southeast-2', 'Onehop-prod-eu-west-1']);
  });

  it('let the edge use each copy of links and keys and each stream, and count taps at home only', () => {
    const role = Object.entries(resources(made.template())).find(([id]) => id.startsWith('RedirectRole'))?.[1];
    const documents = (role?.Properties.Policies ?? []) as {
      PolicyDocument: { Statement: { Action: string; Resource: unknown }[] };
    }[];
    const policies = text(documents);
    for (const arn of [':dynamodb:eu-west-1:', ':firehose:eu-west-1:', ':firehose:ap-southeast-2:'])
      expect(flat(policies)).toContain(arn);
    const keys = documents.find((document) => text(document).includes('GetSecretValue'));
    expect(text(keys)).toContain(':eu-west-1:');
    const statements = documents.flatMap(({ PolicyDocument }) => PolicyDocument.Statement);
    expect(text(statements.find(({ Action }) => Action === 'dynamodb:UpdateItem')?.Resource)).not.toContain(
      'eu-west-1',
    );
    expect(policies).toContain('onehop-prod-clicks-1');
    made.template().hasResourceProperties('AWS::SecretsManager::Secret', { ReplicaRegions: [{ Region: 'eu-west-1' }] });
  });

  it('write into the home lake by names, without custom resources or exports', () => {
    const regional = made.template('Onehop-prod-ap-southeast-2');
    expect(count(regional, 'AWS::KinesisFirehose::DeliveryStream')).toBe(3);
    expect(text(regional.toJSON())).toContain('"Fn::GetStackOutput"');
    expect(text(regional.toJSON())).not.toMatch(/Custom::|Fn::ImportValue/);
    regional.hasResourceProperties('AWS::KinesisFirehose::DeliveryStream', {
      DeliveryStreamName: 'onehop-prod-clicks-2',
      ExtendedS3DestinationConfiguration: {
        DataFormatConversionConfiguration: { SchemaConfiguration: { Region: 'us-east-1', TableName: 'clicks_raw' } },
      },
    });
  });
});

describe('taking up what an earlier deployment left', () => {
  const arn = (name: string) => `arn:aws:secretsmanager:us-east-1:123456789012:secret:${name}-AbCdEf`;
  const { template, findings } = synthesise({
    adopt: {
      linksTable: 'old-links',
      ledgerTable: 'old-ledger',
      bucket: 'old-lake',
      edgeSecretArn: arn('edge'),
      homeSecretArn: arn('home'),
    },
  });

  it('makes none of it anew, uses it by name and gives the bucket its policy again', () => {
    expect(findings).toEqual([]);
    const types = ['AWS::DynamoDB::GlobalTable', 'AWS::S3::Bucket', 'AWS::SecretsManager::Secret'];
    expect(types.map((type) => count(template(), type))).toEqual([0, 0, 0]);
    template().hasResourceProperties('AWS::S3::BucketPolicy', { Bucket: 'old-lake' });
    const all = text(template().toJSON());
    for (const name of ['old-links', 'old-ledger', 'old-lake', arn('edge')]) expect(all).toContain(name);
  });
});

describe('options', () => {
  const { template } = synthesise({
    stage: 'dev',
    ipPolicy: 'full',
    retentionDays: { clicks: 500, postbacks: 200 },
    alarmEmail: 'ops@brand.com',
    logRetentionDays: 90,
    runtime: 'nodejs22.x',
    tags: { team: 'growth' },
    athenaScanLimitBytes: 20_000_000,
  });
  const dev = () => template('Onehop-dev');

  it('each change what they name', () => {
    expect(text(dev().findResources('AWS::Logs::Delivery'))).toContain('c-ip');
    expect(text(dev().findResources('AWS::S3::Bucket'))).toMatch(
      /"ExpirationInDays":500[^{}]*"Prefix":"clicks\/".*"ExpirationInDays":200[^{}]*"Prefix":"postbacks\/"/,
    );
    dev().hasResourceProperties('AWS::SNS::Subscription', { Protocol: 'email', Endpoint: 'ops@brand.com' });
    dev().allResourcesProperties('AWS::Logs::LogGroup', { RetentionInDays: 90 });
    dev().allResourcesProperties('AWS::Lambda::Function', { Runtime: 'nodejs22.x' });
    dev().hasResourceProperties('AWS::Athena::WorkGroup', {
      WorkGroupConfiguration: { BytesScannedCutoffPerQuery: 20_000_000 },
    });
    expect(text(dev().findResources('AWS::S3::Bucket'))).toContain('growth');
    expect(text(dev().findResources('AWS::CloudFront::Distribution'))).toContain('onehop-dev-clicks');
  });

  it('fail the synthesis where the settings would not fit CloudFront’s header, saying what to do', () => {
    const fallbackUrl = `https://brand.com/${'x'.repeat(980)}`;
    const names = ['eu-west-1', 'eu-west-2', 'eu-west-3', 'eu-central-1', 'eu-north-1', 'sa-east-1', 'ap-south-1'];
    const more = [
      'ap-northeast-1',
      'ap-northeast-2',
      'ap-northeast-3',
      'ap-southeast-1',
      'ap-southeast-2',
      'ca-central-1',
    ];
    const regions = Object.fromEntries([...names, ...more].map((region) => [region, 50]));
    const config = {
      domains: [{ ...inZone('go.brand.com'), fallbackUrl }],
      replicaRegions: Object.keys(regions),
      streams: { regions },
    };
    expect(() => synthesise(config)).toThrow(/1783.*Shorten its fallbackUrl/s);
  });
});

/** Joins what CloudFormation will join, roughly: enough to find an ARN’s service and region. */
const flat = (json: string) =>
  json
    .replace(/","?|\\"/g, '')
    .replace(/\{"Ref":"AWS::Partition"?\}?,?"?/g, 'aws')
    .replace(/[[\]{}"]/g, '');
