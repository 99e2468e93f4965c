import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';

export interface ImpactAlarmProps {
  /** Heading of docs/runbook.md that says what to do; a test pairs alarms and headings. */
  readonly runbook: string;
  /** What subscribers, analysts or the sender feel while it rings. */
  readonly impact: string;
  /** Which of several it is, e.g. the domain. @default there is only one */
  readonly subject?: string;
  readonly metric: IMetric;
  /** Rings above this. */
  readonly threshold: number;
  /** @default 1 */
  readonly evaluationPeriods?: number;
  /** @default every evaluation period */
  readonly datapointsToAlarm?: number;
  readonly topic: ITopic;
}

/** An alarm that says what it means and where the way out is written. Silence is no alarm: a quiet system sends nothing. */
export class ImpactAlarm extends Construct {
  constructor(scope: Construct, id: string, props: ImpactAlarmProps) {
    super(scope, id);
    const subject = props.subject === undefined ? '' : ` (${props.subject})`;
    const alarm = new Alarm(this, 'Alarm', {
      alarmName: `${Stack.of(this).stackName}: ${props.runbook}${subject}`,
      alarmDescription: `Impact: ${props.impact}\nRunbook: docs/runbook.md, "${props.runbook}"`,
      metric: props.metric,
      threshold: props.threshold,
      comparisonOperator: ComparisonOperator.GREATER_THAN_THRESHOLD,
      evaluationPeriods: props.evaluationPeriods ?? 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      ...(props.datapointsToAlarm === undefined ? {} : { datapointsToAlarm: props.datapointsToAlarm }),
    });
    alarm.addAlarmAction(new SnsAction(props.topic));
    alarm.addOkAction(new SnsAction(props.topic));
  }
}
