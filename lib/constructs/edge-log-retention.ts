import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { edgeLogsEnvironment } from '../../lambdas/contract/environment.ts';
import { type FunctionDefaults, HouseFunction } from './house-function.ts';
import { acknowledgePatterns } from './wildcards.ts';

export interface EdgeLogRetentionProps extends FunctionDefaults {
  /** Start of the names of the edge function's log groups. */
  readonly logGroupPrefix: string;
}

/**
 * Gives the edge function's log groups a limited life. Lambda makes one in each region that served a visitor, without a
 * limit and outside any stack, so a function goes round the regions once a day.
 */
export class EdgeLogRetention extends HouseFunction {
  constructor(scope: Construct, id: string, props: EdgeLogRetentionProps) {
    super(scope, id, {
      ...props,
      folder: 'edge-logs',
      description: 'Onehop: sets how long the edge function’s logs are kept, in every region',
      timeout: Duration.minutes(2),
      environment: {
        [edgeLogsEnvironment.logGroupPrefix]: props.logGroupPrefix,
        [edgeLogsEnvironment.retentionDays]: String(props.logRetentionDays),
      },
    });
    this.#allowLogs('logs:DescribeLogGroups', '*');
    this.#allowLogs('logs:PutRetentionPolicy', `${props.logGroupPrefix}*`);
    const target = new LambdaFunction(this.function as IFunction, { retryAttempts: 2, maxEventAge: Duration.hours(1) });
    new Rule(this, 'Daily', { schedule: Schedule.rate(Duration.days(1)), targets: [target] });
  }

  #allowLogs(action: string, name: string): void {
    const arn = Stack.of(this).formatArn({
      service: 'logs',
      region: '*',
      resource: 'log-group',
      resourceName: name,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.allow([action], [arn]);
    acknowledgePatterns(
      this.role,
      'The log groups are made by Lambda in whichever region serves; listing knows no narrower resource.',
      [arn],
    );
  }
}
