import { describe, expect, it } from 'vitest';
import { eventTables } from '../../lambdas/contract/lake.ts';
import { inspect, type Statement, text } from './inspect.ts';
import { synthesise } from './synthesise.ts';

const synthesised = synthesise({});
const { actionsOf, of, one, statementsOf } = inspect(synthesised.template());

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
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:DeleteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:Query',
      'dynamodb:UpdateItem',
      'firehose:PutRecordBatch',
      'glue:GetDatabase',
      'glue:GetPartitions',
      'glue:GetTable',
      'lambda:InvokeFunction',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetBucketLocation',
      's3:GetObject',
      's3:ListBucket',
      'secretsmanager:GetSecretValue',
    ]);
    const streams = statementsOf('ApiFunctionRole').find(({ Action }) => Action === 'firehose:PutRecordBatch');
    for (const table of eventTables)
      expect(text(streams?.Resource)).toContain(`deliverystream/onehop-prod-${table.replaceAll('_', '-')}"`);
    expect(text(streams?.Resource)).not.toContain('clicks');
  });

  it('keep the ledger with no more than it takes: neither tokens nor sources nor subscribers can be written', () => {
    const keeping = [
      'dynamodb:BatchGetItem',
      'dynamodb:BatchWriteItem',
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'firehose:PutRecordBatch',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:GetObject',
      'secretsmanager:GetSecretValue',
    ];
    expect(actionsOf('AttributeRole')).toEqual(expect.arrayContaining(keeping));
    expect(actionsOf('AttributeRole').filter((action) => !action.startsWith('sqs:'))).toEqual(keeping);
    expect(actionsOf('SweepRole')).toEqual([...keeping, 'dynamodb:DeleteItem', 'dynamodb:Query'].sort());
    for (const role of ['AttributeRole', 'SweepRole']) {
      const writes = statementsOf(role).filter(({ Action }) => /Put|Update|Write|Delete/.test(text(Action)));
      for (const { Action, Condition, Resource } of writes.filter(({ Action }) => text(Action).includes('dynamodb')))
        expect([Action, text(Resource).includes('Ledger'), Condition]).toEqual([
          Action,
          true,
          {
            'ForAllValues:StringLike': {
              'dynamodb:LeadingKeys': [
                'conv#*',
                'order#*',
                'event#*',
                'quarantine#*',
                'unmatched#*',
                'rematch#*',
                'replay#*',
              ],
            },
            Null: { 'dynamodb:LeadingKeys': 'false' },
          },
        ]);
      const [stream] = statementsOf(role).filter(({ Action }) => text(Action).includes('firehose'));
      expect(text(stream?.Resource)).toContain('deliverystream/onehop-prod-conversions"');
    }
  });

  it('has a function that asks strangers’ hosts, and may do nothing but log', () => {
    expect(actionsOf('CheckDestinationRole')).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
    const check = one('AWS::Lambda::Function', 'CheckDestination').Properties;
    expect(check).not.toHaveProperty('VpcConfig');
    // The CDK sets one variable of Node's own.
    expect(Object.keys(check.Environment?.Variables ?? {}).filter((name) => !name.startsWith('AWS_NODEJS_'))).toEqual(
      [],
    );
    const [call] = statementsOf('ApiFunctionRole').filter(({ Action }) => Action === 'lambda:InvokeFunction');
    expect(call?.Resource).toEqual({ 'Fn::GetAtt': [expect.stringMatching(/^CheckDestinationFunction/), 'Arn'] });
    for (const [, { Properties }] of of('AWS::Lambda::Permission'))
      expect(text(Properties.FunctionName)).not.toContain('CheckDestination');
  });

  it('let the SMS service and EventBridge of this account put delivery events, and nobody do more', () => {
    expect(actionsOf('SmsEventsServiceRole')).toEqual(['firehose:PutRecord']);
    expect(actionsOf('SmsEventsRuleRole')).toEqual(['firehose:PutRecord', 'firehose:PutRecordBatch']);
    for (const role of ['SmsEventsServiceRole', 'SmsEventsRuleRole'])
      expect(text(statementsOf(role).map(({ Resource }) => Resource))).toContain(
        'deliverystream/onehop-prod-sms-events',
      );
    const [trust] = one('AWS::IAM::Role', 'SmsEventsServiceRole').Properties.AssumeRolePolicyDocument.Statement;
    expect(trust).toMatchObject({
      Principal: { Service: 'sms-voice.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
    });
    expect(text(trust.Condition.ArnLike)).toContain(':configuration-set/*');
    expect(actionsOf('SmsEventsMapRole')).toEqual(['logs:CreateLogStream', 'logs:PutLogEvents']);
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
    const stream = one('AWS::KinesisFirehose::DeliveryStream', 'LakeClicks');
    expect(text(stream.DependsOn)).toContain('LakeClicksPolicy');
    expect(text(stream.DependsOn)).toContain('LakeCatalogClicks');
    for (const table of eventTables) {
      const events = one('AWS::KinesisFirehose::DeliveryStream', `LakeEvents${table.replaceAll('_', '')}Stream`);
      expect(text(events.DependsOn)).toContain(`LakeCatalogTable${table.replaceAll('_', '')}`);
    }
  });
});
