import { InvokeCommand, type LambdaClient } from '@aws-sdk/client-lambda';
import type { DestinationReport } from '../../core/destination/report.ts';
import { type DestinationChecks, withPatience } from './glance.ts';

/** How long a save waits for its destinations at most, ms. It is written meanwhile. */
const SAVE_PATIENCE_MS = 2_000;

const UNCHECKED: DestinationReport = { outcome: 'unchecked', message: 'could not be checked just now', hops: [] };
const SLOW: DestinationReport = {
  outcome: 'slow',
  message: `did not answer within ${SAVE_PATIENCE_MS / 1_000} seconds: open it in a browser, or check it again`,
  hops: [],
};

/** Has destinations checked by the function that has no rights to any data. */
export function invokedChecks(client: LambdaClient, functionName: string): DestinationChecks {
  const check = async (url: string): Promise<DestinationReport> => {
    try {
      const command = new InvokeCommand({ FunctionName: functionName, Payload: JSON.stringify({ url }) });
      const { FunctionError, Payload } = await client.send(command);
      if (FunctionError || !Payload) return UNCHECKED;
      return JSON.parse(new TextDecoder().decode(Payload)) as DestinationReport;
    } catch {
      // A check is a courtesy: whatever keeps it from running must not keep a link from being saved.
      return UNCHECKED;
    }
  };
  return { check, glance: async (url) => (await withPatience(check(url), SAVE_PATIENCE_MS)) ?? SLOW };
}
