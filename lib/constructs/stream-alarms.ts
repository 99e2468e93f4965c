import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { ImpactAlarm } from './impact-alarm.ts';

/** A metric of one Firehose stream (https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-metrics.html). */
export function streamMetric(stream: string, metricName: string, statistic: string): Metric {
  return new Metric({
    namespace: 'AWS/Firehose',
    metricName,
    dimensionsMap: { DeliveryStreamName: stream },
    statistic,
    period: Duration.minutes(5),
  });
}

/** The alarms of one stream. What failed in the processor shows on the error prefix, which has an alarm of its own. */
export function streamAlarms(scope: Construct, stream: string, id: string, topic: ITopic): void {
  new ImpactAlarm(scope, `${id}Stale`, {
    runbook: 'Clicks arrive late in the lake',
    impact:
      'Reports miss the latest clicks. Nothing is lost for 24 hours: Firehose keeps what it cannot deliver that long.',
    subject: stream,
    metric: streamMetric(stream, 'DeliveryToS3.DataFreshness', Stats.MAXIMUM),
    threshold: Duration.minutes(15).toSeconds(),
    evaluationPeriods: 2,
    topic,
  });
  new ImpactAlarm(scope, `${id}Conversion`, {
    runbook: 'Clicks do not fit their table',
    impact: 'Some clicks are missing in reports. They are kept as JSON under the error prefix and can be replayed.',
    subject: stream,
    metric: streamMetric(stream, 'FailedConversion.Records', Stats.SUM),
    threshold: 0,
    topic,
  });
  new ImpactAlarm(scope, `${id}Throttled`, {
    runbook: 'A click stream is throttled',
    impact:
      'Redirects go on, but clicks that find no stream stay in the logs of the edge function until they are replayed.',
    subject: stream,
    metric: streamMetric(stream, 'ThrottledRecords', Stats.SUM),
    threshold: 0,
    topic,
  });
}
