import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { LedgerFunction, type LedgerFunctionProps } from './ledger-function.ts';

/** Every five minutes: finishes what workers of the ledger left. */
export class SweepFunction extends LedgerFunction {
  constructor(scope: Construct, id: string, props: LedgerFunctionProps) {
    super(scope, id, props, {
      folder: 'sweep',
      description: 'Onehop: delivers what is stale, matches again, gives up refunds whose sale never came',
      timeout: Duration.minutes(4),
    });
    this.allowTidying(props.ledger);
    const target = new LambdaFunction(this.function as IFunction, { retryAttempts: 0 });
    new Rule(this, 'Often', { schedule: Schedule.rate(Duration.minutes(5)), targets: [target] });
  }
}
