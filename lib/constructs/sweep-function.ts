import { Duration } from 'aws-cdk-lib';
import { Rule, RuleTargetInput, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { SILENCE_CHECK } from '../../lambdas/contract/sweep.ts';
import { LedgerFunction, type LedgerFunctionProps } from './ledger-function.ts';

/** Every five minutes: finishes what workers of the ledger left. Every hour: listens whether a source fell silent. */
export class SweepFunction extends LedgerFunction {
  constructor(scope: Construct, id: string, props: LedgerFunctionProps) {
    super(scope, id, props, {
      folder: 'sweep',
      description: 'Onehop: delivers what is stale, matches again, gives up refunds whose sale never came',
      timeout: Duration.minutes(4),
    });
    this.allowTidying(props.ledger);
    const sweep = this.function as IFunction;
    const silence = { retryAttempts: 0, event: RuleTargetInput.fromObject(SILENCE_CHECK) };
    new Rule(this, 'Often', {
      schedule: Schedule.rate(Duration.minutes(5)),
      targets: [new LambdaFunction(sweep, { retryAttempts: 0 })],
    });
    new Rule(this, 'Hourly', {
      schedule: Schedule.rate(Duration.hours(1)),
      targets: [new LambdaFunction(sweep, silence)],
    });
  }
}
