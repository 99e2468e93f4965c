import { Duration } from 'aws-cdk-lib';
import { MathExpression, type Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import { FilterPattern, type ILogGroup, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { AttributeFunction } from './attribute-function.ts';
import { ImpactAlarm } from './impact-alarm.ts';
import type { SweepFunction } from './sweep-function.ts';

export interface LedgerAlarmsProps {
  readonly attribute: AttributeFunction;
  readonly sweep: SweepFunction;
  readonly topic: ITopic;
}

const PERIOD = Duration.minutes(15);
const DAY = Duration.days(1);
/** Fewer items than this say nothing of a share. */
const FEW = 20;
/** A source with a few conversions a day never has {@link FEW} in a quarter: a day of it says enough with less. */
const FEW_A_DAY = 3;
/** One conversion of a link that never carried our id is usual at networks: of five a second one is needed to ring. */
const FEW_OF_NETWORKS_A_DAY = 5;

/** Alarms of what becomes of postbacks once they are in the queue, from the figures the functions log. */
export class LedgerAlarms extends Construct {
  constructor(scope: Construct, id: string, { attribute, sweep, topic }: LedgerAlarmsProps) {
    super(scope, id);
    const batch = (name: string) => this.#logged(attribute.function.logGroup, 'attribute:batch', name);
    const [quarantined, items] = [batch('quarantined'), batch('items')];
    new ImpactAlarm(this, 'Quarantine', {
      runbook: 'Many postbacks are in quarantine',
      impact: 'Conversions are missing in reports until their source is mended and they are replayed.',
      metric: share(quarantined, items, 'Items that could not be understood, %'),
      threshold: 5,
      evaluationPeriods: 2,
      topic,
    });
    new ImpactAlarm(this, 'QuarantineOfDay', {
      runbook: 'Postbacks of a day are in quarantine',
      impact: 'Conversions of a day are missing in reports until their source is mended and they are replayed.',
      metric: share(
        quarantined.with({ period: DAY }),
        items.with({ period: DAY }),
        'Items of a day that could not be understood, %',
        FEW_A_DAY,
      ),
      threshold: 20,
      topic,
    });
    this.#unmatched(batch('network_unmatched'), batch('network_items'), topic);
    new ImpactAlarm(this, 'Pending', {
      runbook: 'Entries of the ledger do not reach the lake',
      impact: 'Reports miss the latest conversions. Nothing is lost: the ledger keeps what it could not deliver.',
      metric: this.#logged(sweep.function.logGroup, 'sweep:pending', 'pending', Stats.MAXIMUM, Duration.minutes(5)),
      threshold: 0,
      // a run a period, give or take: one may fall into the next
      evaluationPeriods: 4,
      datapointsToAlarm: 3,
      topic,
    });
    new ImpactAlarm(this, 'Silent', {
      runbook: 'A source that normally speaks is silent',
      impact:
        'Conversions of a network or shop are missing from some moment on, and are lost where it does not send them again.',
      metric: this.#logged(sweep.function.logGroup, 'sweep:silence', 'silent', Stats.MAXIMUM, Duration.hours(1)),
      threshold: 0,
      topic,
    });
    new ImpactAlarm(this, 'SweepFails', {
      runbook: 'The sweep of the ledger fails',
      impact:
        'What workers left stays undone: entries wait for the lake, and conversions for people who are known by now.',
      metric: sweep.function.metricErrors({ statistic: Stats.SUM, period: PERIOD }),
      threshold: 1,
      topic,
    });
  }

  /** Share of items that networks report without a valid click id: by the quarter, and by the day where few come. */
  #unmatched(unmatched: Metric, items: Metric, topic: ITopic): void {
    new ImpactAlarm(this, 'Unmatched', {
      runbook: 'Networks report conversions without our click id',
      impact: 'Payouts of networks are earned, but nobody can say by which campaign; they wait in quarantine.',
      metric: share(unmatched, items, 'Items of networks without a valid click id, %'),
      threshold: 20,
      evaluationPeriods: 2,
      topic,
    });
    new ImpactAlarm(this, 'UnmatchedOfDay', {
      runbook: 'Conversions of networks lack our click id all day',
      impact: 'Payouts of a day are earned, but nobody can say by which campaign; they wait in quarantine.',
      metric: share(
        unmatched.with({ period: DAY }),
        items.with({ period: DAY }),
        'Items of networks of a day without a valid click id, %',
        FEW_OF_NETWORKS_A_DAY,
      ),
      threshold: 20,
      topic,
    });
  }

  /** A figure of a log line, as a metric. */
  #logged(
    logGroup: ILogGroup,
    line: string,
    figure: string,
    statistic: string = Stats.SUM,
    period: Duration = PERIOD,
  ): Metric {
    const filter = new MetricFilter(this, `Of-${figure}`, {
      logGroup,
      filterPattern: FilterPattern.stringValue('$.message', '=', line),
      metricNamespace: 'Onehop',
      metricName: `${this.node.addr}-${figure}`,
      metricValue: `$.${figure}`,
    });
    return filter.metric({ statistic, period });
  }
}

const share = (part: Metric, whole: Metric, label: string, few = FEW) =>
  new MathExpression({
    expression: `IF(whole >= ${few}, 100 * part / whole, 0)`,
    usingMetrics: { part, whole },
    label,
    period: part.period,
  });
