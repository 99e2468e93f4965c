import type { RequestListener } from 'node:http';
import dynalite from 'dynalite';
import { type Faults, withFaults } from '../faults.ts';
import { type Listening, listen } from './aws-json.ts';
import { readInThisThread } from './quick-reads.ts';
import { ensureTables, localDynamo } from './tables.ts';

/** DynamoDB in a folder: every write it has answered survives `kill -9`. */
export async function startDynamoDb(path: string, faults: Faults): Promise<Listening> {
  readInThisThread();
  const server = dynalite({ path, createTableMs: 0 });
  const [answer] = server.listeners('request') as RequestListener[];
  if (!answer) throw new Error('dynalite has no request listener');
  server.removeAllListeners('request');
  server.on('request', withFaults('dynamodb', faults, answer));
  const listening = await listen(server);
  const client = localDynamo(listening.endpoint);
  await ensureTables(client);
  client.destroy();
  return listening;
}
