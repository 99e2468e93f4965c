import { describe, expect, it } from 'vitest';
import { inletRoutes } from '../../lib/constructs/api-routes.ts';
import { inspect, text } from './inspect.ts';
import { synthesise } from './synthesise.ts';

const { actionsOf, of, one, statementsOf } = inspect(synthesise({}).template());

describe('postbacks', () => {
  it('wait in an encrypted queue for 14 days, and after five times among the dead letters', () => {
    const { Properties } = one('AWS::SQS::Queue', 'PostbacksMessagesQueue');
    expect(Properties).toMatchObject({ MessageRetentionPeriod: 1_209_600, SqsManagedSseEnabled: true });
    expect(Properties.RedrivePolicy).toMatchObject({ maxReceiveCount: 5 });
    expect(text(Properties.RedrivePolicy.deadLetterTargetArn)).toContain('DeadLetters');
    // Six times what the consumer has for a batch.
    expect(Properties.VisibilityTimeout).toBe(180);
  });

  it('are received by a function that reads sources, keys and links, and stores; nothing else', () => {
    expect(actionsOf('PostbacksReceiveRole')).toEqual([
      'dynamodb:BatchGetItem',
      'dynamodb:BatchGetItem',
      'dynamodb:GetItem',
      'dynamodb:GetItem',
      'dynamodb:Query',
      'firehose:PutRecordBatch',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:PutObject',
      'secretsmanager:GetSecretValue',
      'sqs:SendMessage',
    ]);
    const statements = statementsOf('PostbacksReceiveRole');
    const ledger = statements.find(({ Resource }) => text(Resource).includes('Ledger'));
    expect(text(ledger?.Condition)).toContain('source#*');
    const objects = statements.find(({ Action }) => Action === 's3:PutObject');
    for (const prefix of ['bodies', 'undelivered', 'unarchived'])
      expect(text(objects?.Resource)).toContain(`/postback-${prefix}/*`);
    const streams = statements.find(({ Action }) => Action === 'firehose:PutRecordBatch');
    expect(text(streams?.Resource)).toMatch(/onehop-prod-postbacks.*onehop-prod-sends/);
  });

  it('that found no queue are brought back every five minutes', () => {
    expect(actionsOf('PostbacksRequeueRole')).toEqual([
      'firehose:PutRecordBatch',
      'logs:CreateLogStream',
      'logs:PutLogEvents',
      's3:DeleteObject',
      's3:GetObject',
      's3:ListBucket',
      'sqs:SendMessage',
    ]);
    expect(one('AWS::Events::Rule', 'PostbacksRequeue').Properties.ScheduleExpression).toBe('rate(5 minutes)');
  });

  it('come in by their own routes, answered by their own function', () => {
    const routes = of('AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties);
    for (const [path, ...methods] of inletRoutes)
      for (const method of methods) {
        const route = routes.find(({ RouteKey }) => RouteKey === `${method} ${path}`);
        const other = routes.find(({ RouteKey }) => RouteKey === 'ANY /v1/settings');
        expect(text(route.Target)).not.toBe(text(other.Target));
      }
  });
});
