import { FirehoseClient, PutRecordBatchCommand } from '@aws-sdk/client-firehose';
import { clickStreamName } from '../../lambdas/contract/edge-config.ts';
import { localCredentials, localNames } from '../../local/names.ts';
import type { System } from '../../local/system.ts';

const AT_ONCE = 500;

/** Puts clicks from log lines back into their stream. */
export async function replay(system: System, lines: readonly object[]): Promise<void> {
  const client = new FirehoseClient({
    endpoint: system.firehoseEndpoint,
    region: localNames.region,
    credentials: localCredentials,
  });
  for (let start = 0; start < lines.length; start += AT_ONCE) {
    const records = lines
      .slice(start, start + AT_ONCE)
      .map((line) => ({ Data: Buffer.from(`${JSON.stringify(line)}\n`) }));
    await client.send(
      new PutRecordBatchCommand({ DeliveryStreamName: clickStreamName(localNames.streamBase, 0), Records: records }),
    );
  }
  client.destroy();
}
