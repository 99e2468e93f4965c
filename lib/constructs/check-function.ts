import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type FunctionDefaults, HouseFunction } from './house-function.ts';

/**
 * The function that asks destinations whether they answer. It talks to hosts that whoever may save a link can choose, so
 * it stands alone: no variable, no right but its log, no network of ours. The API calls it and is the only one that may.
 */
export class CheckFunction extends HouseFunction {
  constructor(scope: Construct, id: string, defaults: FunctionDefaults) {
    super(scope, id, {
      ...defaults,
      folder: 'check-destination',
      description: 'Onehop: looks whether a destination answers; has no access to data',
      // A check ends after five seconds by itself.
      timeout: Duration.seconds(10),
      memorySize: 512,
    });
  }
}
