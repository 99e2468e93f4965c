import type { Stack } from 'aws-cdk-lib';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { stackOutputs } from '../../lambdas/contract/outputs.ts';
import { inspect, type Resource, text } from './inspect.ts';
import { synthesise } from './synthesise.ts';

const synthesised = synthesise({});
const { findings } = synthesised;
const { of, one, template } = inspect(synthesised.template());

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

  it('puts no secret anywhere, and tells which secrets to read only who needs them', () => {
    for (const [, { Properties }] of of('AWS::SecretsManager::Secret')) expect(Properties.SecretString).toBeUndefined();
    for (const [id, { Properties }] of of('AWS::Lambda::Function'))
      if (!/^(ApiFunction|Postbacks|Attribute|Sweep)/.test(id))
        expect(text(Properties)).not.toMatch(/EdgeKeys|HomeKeys/);
    expect(text(template.toJSON())).not.toContain('{{resolve:secretsmanager');
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
    // What customers wrote or paid lies in these; nothing of the ledger does.
    const expiring = rules.filter(({ ExpirationInDays }: { ExpirationInDays?: number }) => ExpirationInDays === 400);
    expect(expiring.map(({ Prefix }: { Prefix: string }) => Prefix).sort()).toEqual([
      'errors/postbacks/',
      'postback-bodies/',
      'postback-unarchived/',
      'postback-undelivered/',
      'postbacks/',
    ]);
    expect(text(one('AWS::S3::BucketPolicy', 'Lake').Properties)).toContain('aws:SecureTransport');
  });
});
