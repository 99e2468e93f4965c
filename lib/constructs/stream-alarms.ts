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

/** One alarm of a stream, in the words of what it carries. */
interface AlarmText {
  /** Heading of the runbook. */
  readonly runbook: string;
  readonly impact: string;
}

/** What the three alarms of a stream say. */
export interface StreamAlarmTexts {
  readonly stale: AlarmText;
  readonly conversion: AlarmText;
  readonly throttled: AlarmText;
}

export const clickAlarms: StreamAlarmTexts = {
  stale: {
    runbook: 'Clicks arrive late in the lake',
    impact:
      'Reports miss the latest clicks. Nothing is lost for 24 hours: Firehose keeps what it cannot deliver that long.',
  },
  conversion: {
    runbook: 'Clicks do not fit their table',
    impact: 'Some clicks are missing in reports. They are kept as JSON under the error prefix and can be replayed.',
  },
  throttled: {
    runbook: 'A click stream is throttled',
    impact:
      'Redirects go on, but clicks that find no stream stay in the logs of the edge function until they are replayed.',
  },
};

export const eventAlarms: StreamAlarmTexts = {
  stale: {
    runbook: 'Events arrive late in the lake',
    impact:
      'Reports miss the latest recipients, sends or other events. Nothing is lost for 24 hours: Firehose keeps what it cannot deliver that long.',
  },
  conversion: {
    runbook: 'Events do not fit their table',
    impact:
      'Some recipients, sends or other events are missing in reports. They are kept as JSON under the error prefix.',
  },
  throttled: {
    runbook: 'An event stream is throttled',
    impact:
      'Mints and imports get slower and may be answered with 503; whoever calls sends the same again and loses nothing.',
  },
};

/** Delivery events go the way of events; AWS puts them again for a while where it is throttled. */
export const smsEventAlarms: StreamAlarmTexts = {
  ...eventAlarms,
  throttled: {
    runbook: 'An event stream is throttled',
    impact:
      'Some delivery events of AWS may be missing: messages look sent but not delivered, and delivery rates too low.',
  },
};

/** The alarms of one stream. What failed in a processor shows on the error prefix, which has an alarm of its own. */
export function streamAlarms(
  scope: Construct,
  stream: string,
  id: string,
  texts: StreamAlarmTexts,
  topic: ITopic,
): void {
  new ImpactAlarm(scope, `${id}Stale`, {
    ...texts.stale,
    subject: stream,
    metric: streamMetric(stream, 'DeliveryToS3.DataFreshness', Stats.MAXIMUM),
    threshold: Duration.minutes(15).toSeconds(),
    evaluationPeriods: 2,
    topic,
  });
  new ImpactAlarm(scope, `${id}Conversion`, {
    ...texts.conversion,
    subject: stream,
    metric: streamMetric(stream, 'FailedConversion.Records', Stats.SUM),
    threshold: 0,
    topic,
  });
  new ImpactAlarm(scope, `${id}Throttled`, {
    ...texts.throttled,
    subject: stream,
    metric: streamMetric(stream, 'ThrottledRecords', Stats.SUM),
    threshold: 0,
    topic,
  });
}
