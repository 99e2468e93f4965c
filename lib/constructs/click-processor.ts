import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type FunctionDefaults, HouseFunction } from './house-function.ts';

/** The function every click passes on its way into the lake: device, system, browser, first verdict. */
export class ClickProcessor extends HouseFunction {
  constructor(scope: Construct, id: string, { runtime, logRetentionDays }: FunctionDefaults) {
    super(scope, id, {
      runtime,
      logRetentionDays,
      folder: 'enrich-clicks',
      description: 'Onehop: enriches clicks on their way into the lake',
      // A call brings at most 1 MB of clicks; Firehose waits five minutes at most.
      timeout: Duration.minutes(1),
      memorySize: 512,
    });
  }
}
