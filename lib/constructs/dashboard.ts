import type { IDistribution } from 'aws-cdk-lib/aws-cloudfront';
import { Dashboard, GraphWidget, type IMetric, Row, TextWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { apiMetric } from './api-alarms.ts';
import { distributionMetric } from './distribution-metric.ts';
import type { HttpApi } from './http-api.ts';
import { streamMetric } from './stream-alarms.ts';

export interface OnehopDashboardProps {
  readonly name: string;
  /** Distributions by the name to show. */
  readonly distributions: Readonly<Record<string, IDistribution>>;
  readonly streamNames: readonly string[];
  readonly api: HttpApi;
  /** Objects that landed on the error prefix. */
  readonly errorObjects: IMetric;
}

/** One page that answers "is it working": taps and their errors, clicks on their way to the lake, the API. */
export class OnehopDashboard extends Construct {
  constructor(scope: Construct, id: string, props: OnehopDashboardProps) {
    super(scope, id);
    const perDomain = (metric: string, statistic: string) =>
      Object.entries(props.distributions).map(([label, distribution]) =>
        distributionMetric(distribution, metric, statistic).with({ label }),
      );
    const perStream = (metric: string, statistic: string) =>
      props.streamNames.map((name) => streamMetric(name, metric, statistic).with({ label: name }));
    new Dashboard(this, 'Dashboard', {
      dashboardName: props.name,
      widgets: [
        [
          new TextWidget({
            markdown: `# ${props.name}\nWhat to do when something is wrong: docs/runbook.md`,
            width: 24,
            height: 2,
          }),
        ],
        [
          graph('Taps by domain', perDomain('Requests', 'Sum')),
          graph('Answers with 5xx, %', perDomain('5xxErrorRate', 'Average')),
        ],
        [
          graph('Clicks into the streams', perStream('IncomingRecords', 'Sum')),
          graph('Age of the oldest click not yet in the lake, s', perStream('DeliveryToS3.DataFreshness', 'Maximum')),
        ],
        [
          graph('Clicks that did not fit, objects on the error prefix', [
            ...perStream('FailedConversion.Records', 'Sum'),
            props.errorObjects,
          ]),
          graph(
            'API requests and errors',
            ['Count', '4xx', '5xx'].map((metric) => apiMetric(props.api, metric, 'Sum')),
          ),
        ],
      ].map((widgets) => [new Row(...widgets)]),
    });
  }
}

const graph = (title: string, left: IMetric[]) => new GraphWidget({ title, left, width: 12, height: 6 });
