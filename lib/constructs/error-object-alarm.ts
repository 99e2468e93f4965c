import { Arn, ArnFormat, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { CfnRule } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, ResourcePolicy, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IBucket } from 'aws-cdk-lib/aws-s3';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { ImpactAlarm } from './impact-alarm.ts';

export interface ErrorObjectAlarmProps {
  readonly bucket: IBucket;
  /** Prefixes under which Firehose keeps what it could not deliver. */
  readonly prefixes: readonly string[];
  readonly logRetentionDays: RetentionDays;
  readonly topic: ITopic;
}

/**
 * Sees every object that lands under an error prefix, whichever stream or region wrote it and whatever the cause:
 * Firehose has no metric for records its processor refused. The log group lists the objects, for whoever looks into it.
 */
export class ErrorObjectAlarm extends Construct {
  readonly metric: Metric;

  constructor(scope: Construct, id: string, { bucket, prefixes, logRetentionDays, topic }: ErrorObjectAlarmProps) {
    super(scope, id);
    const logs = new LogGroup(this, 'Objects', { retention: logRetentionDays, removalPolicy: RemovalPolicy.DESTROY });
    const rule = new CfnRule(this, 'Rule', {
      description: 'Objects on the error prefixes of the lake',
      eventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { bucket: { name: [bucket.bucketName] }, object: { key: prefixes.map((prefix) => ({ prefix })) } },
      },
      targets: [{ id: 'Objects', arn: arnWithoutStreams(logs) }],
    });
    this.#letEventsWrite(logs);
    this.metric = new Metric({
      namespace: 'AWS/Events',
      metricName: 'Invocations',
      dimensionsMap: { RuleName: rule.ref },
      statistic: Stats.SUM,
      period: Duration.minutes(5),
    });
    new ImpactAlarm(this, 'Found', {
      runbook: 'Records on the error prefix',
      impact:
        'Some clicks, sends or other rows are missing in reports. Firehose kept them under the error prefix; they can be put in again.',
      metric: this.metric,
      threshold: 0,
      topic,
    });
  }

  #letEventsWrite(logs: LogGroup): void {
    new ResourcePolicy(this, 'Access', {
      policyStatements: [
        new PolicyStatement({
          principals: [
            new ServicePrincipal('events.amazonaws.com'),
            new ServicePrincipal('delivery.logs.amazonaws.com'),
          ],
          actions: ['logs:CreateLogStream', 'logs:PutLogEvents'],
          resources: [logs.logGroupArn],
        }),
      ],
    });
  }
}

/** A target is the group itself, without the `:*` that stands for its streams. */
function arnWithoutStreams(logs: LogGroup): string {
  const parts = { service: 'logs', resource: 'log-group', resourceName: logs.logGroupName };
  return Arn.format({ ...parts, arnFormat: ArnFormat.COLON_RESOURCE_NAME }, Stack.of(logs));
}
