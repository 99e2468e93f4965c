import type { Construct } from 'constructs';
import { LedgerFunction, type LedgerFunctionProps } from './ledger-function.ts';

/** Takes messages from the queue into the ledger. Whoever has the queue makes it the source of this function's events. */
export class AttributeFunction extends LedgerFunction {
  constructor(scope: Construct, id: string, props: LedgerFunctionProps) {
    super(scope, id, props, {
      folder: 'attribute',
      description: 'Onehop: interprets postbacks, matches them and enters them in the ledger',
    });
  }
}
