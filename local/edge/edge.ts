import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoTable } from '../../lambdas/adapters/dynamo-table.ts';
import { clickStreamName } from '../../lambdas/contract/edge-config.ts';
import { linksKey } from '../../lambdas/contract/keys.ts';
import { Clock } from '../clock.ts';
import type { DataFolder } from '../data-folder.ts';
import { type Listening, listen } from '../engines/aws-json.ts';
import type { Endpoints } from '../engines/engines.ts';
import { Firehose } from '../engines/firehose.ts';
import { Spool } from '../engines/spool.ts';
import { localDynamo } from '../engines/tables.ts';
import { type Fault, Faults, type FaultTarget } from '../faults.ts';
import { HostList } from '../hosts.ts';
import { localNames } from '../names.ts';
import { AccessLogBuffer } from './access-log-buffer.ts';
import { createEdge } from './create-edge.ts';

/** What an edge is made of; plain data, so that it can be sent to a thread. */
export interface EdgeSettings {
  readonly folder: DataFolder;
  /** Shared state of the system's clock. */
  readonly clock: SharedArrayBuffer;
  readonly endpoints: Endpoints;
  /** How clicks reach the stream: over Firehose's protocol, or by plain calls. */
  readonly sink: 'protocol' | 'in-process';
  /** Instances of the edge function in this thread. */
  readonly instances: number;
  readonly errorCachingMinTtlS: number;
  /** How often the access log is passed on, ms. */
  readonly flushMs: number;
  readonly port: number;
  /** True where other threads listen on the same port. */
  readonly sharesPort: boolean;
}

/** The stream a click goes to where it is taken by plain calls. */
const CLICKS = clickStreamName(localNames.streamBase, 0);

/** The edge of the local system in one thread: it listens, answers taps, and keeps what it has to pass on. */
export class Edge {
  readonly #listening: Listening;
  readonly #faults: Faults;
  readonly #accessLog: AccessLogBuffer;
  readonly #spool: Spool;
  readonly #disconnect: () => void;

  private constructor(
    listening: Listening,
    faults: Faults,
    accessLog: AccessLogBuffer,
    spool: Spool,
    disconnect: () => void,
  ) {
    this.#listening = listening;
    this.#faults = faults;
    this.#accessLog = accessLog;
    this.#spool = spool;
    this.#disconnect = disconnect;
  }

  /** @param write takes what the edge function writes on standard output. @throws where the port is taken */
  static async start(settings: EdgeSettings, write: (text: string) => void): Promise<Edge> {
    const { folder, endpoints, flushMs } = settings;
    const clock = new Clock(settings.clock);
    const faults = new Faults();
    const client = localDynamo(endpoints.dynamodb);
    const links = new DynamoTable(DynamoDBDocumentClient.from(client), localNames.linksTable);
    const spool = new Spool(folder.clicksSpool);
    const stream = new Firehose({ spoolOf: (name) => (name === CLICKS ? spool : undefined), now: clock.now });
    const accessLog = new AccessLogBuffer(new Spool(folder.accessLogSpool), flushMs);
    const server = createEdge({
      ...settings,
      clock,
      write,
      hosts: new HostList(async (host) => (await links.get(linksKey.domain(host))) !== null),
      logAccess: accessLog.add,
      inProcessStream: settings.sink === 'in-process' ? { serve: stream.serve, faults } : null,
    });
    try {
      const listening = await listen(server, settings.port, settings.sharesPort);
      return new Edge(listening, faults, accessLog, spool, () => client.destroy());
    } catch (error) {
      accessLog.close();
      client.destroy();
      throw error;
    }
  }

  get port(): number {
    return this.#listening.port;
  }

  setFault(target: FaultTarget, fault: Fault): void {
    this.#faults.set(target, fault);
  }

  /** Makes everything that came so far ready for the lake. */
  passOn(): void {
    this.#accessLog.passOn();
    this.#spool.rotate();
  }

  /** Answers what is under way, and passes on what is left. */
  async close(): Promise<void> {
    await this.#listening.close();
    this.#accessLog.close();
    this.#spool.rotate();
    this.#disconnect();
  }
}
