import { Duration } from 'aws-cdk-lib';
import { Metric, Stats } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { FilterPattern, MetricFilter } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import type { HttpApi } from './http-api.ts';
import { ImpactAlarm } from './impact-alarm.ts';

export interface ApiAlarmsProps {
  readonly api: HttpApi;
  readonly function: IFunction;
  readonly topic: ITopic;
}

const PERIOD = Duration.minutes(5);

/** A metric of an HTTP API (https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-metrics.html). */
export function apiMetric({ api }: HttpApi, metricName: string, statistic: string): Metric {
  return new Metric({
    namespace: 'AWS/ApiGateway',
    metricName,
    dimensionsMap: { ApiId: api.apiId },
    statistic,
    period: PERIOD,
  });
}

/** Alarms of the HTTP API: it fails, or it turns callers away. */
export class ApiAlarms extends Construct {
  constructor(scope: Construct, id: string, { api, function: handler, topic }: ApiAlarmsProps) {
    super(scope, id);
    new ImpactAlarm(this, 'Errors', {
      runbook: 'The API answers errors',
      impact: 'Links cannot be made or changed and reports fail. Links that exist go on redirecting.',
      metric: apiMetric(api, '5xx', Stats.SUM),
      threshold: 5,
      topic,
    });
    new ImpactAlarm(this, 'Throttled', {
      runbook: 'The API turns callers away',
      impact: 'Callers get 429 and have to try again; imports and sends slow down.',
      metric: this.#answered429(api),
      threshold: 20,
      topic,
    });
    new ImpactAlarm(this, 'FunctionThrottled', {
      runbook: "The API's function finds no room",
      impact:
        'The account has no Lambda concurrency left: callers of the API get errors, and redirects are next to suffer.',
      metric: handler.metricThrottles({ statistic: Stats.SUM, period: PERIOD }),
      threshold: 0,
      topic,
    });
  }

  /** API Gateway has no metric for requests it throttles, but its access log has a line for each. */
  #answered429(api: HttpApi): Metric {
    const filter = new MetricFilter(this, 'Answered429', {
      logGroup: api.accessLog,
      filterPattern: FilterPattern.stringValue('$.status', '=', '429'),
      metricNamespace: 'Onehop',
      metricName: `${api.node.addr}-429`,
    });
    return filter.metric({ statistic: Stats.SUM, period: PERIOD });
  }
}
