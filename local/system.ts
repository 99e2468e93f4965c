import process from 'node:process';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoTable } from '../lambdas/adapters/dynamo-table.ts';
import { linksKey } from '../lambdas/contract/keys.ts';
import { createLocalApi } from './api/local-api.ts';
import { createApiServer } from './api/server.ts';
import { Clock } from './clock.ts';
import { Control } from './control/control.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { AccessLogBuffer } from './edge/access-log-buffer.ts';
import { createEdge } from './edge/create-edge.ts';
import { type Listening, listen } from './engines/aws-json.ts';
import { ClickStream } from './engines/click-stream.ts';
import { EngineThread } from './engines/engine-thread.ts';
import { Spool } from './engines/spool.ts';
import { localDynamo } from './engines/tables.ts';
import { type Fault, Faults, type FaultTarget } from './faults.ts';
import { HostList } from './hosts.ts';
import { lockFolder } from './lock.ts';
import { localNames } from './names.ts';
import { DuckDbEngine } from './reports.ts';
import { ensureToken } from './token.ts';

export interface SystemOptions {
  /** Folder of everything that is kept. */
  readonly dataDir: string;
  /** Port of the short domains. @default 0: a free one */
  readonly port?: number;
  /** Port of the API. @default 0: a free one */
  readonly apiPort?: number;
  /** Takes what the edge function logs, undelivered clicks among it. @default standard output */
  readonly write?: (text: string) => void;
  /** How clicks reach the stream: over Firehose's protocol, or by plain calls in this thread. @default 'protocol' */
  readonly sink?: 'protocol' | 'in-process';
  /** Instances of the edge function. @default 1 */
  readonly instances?: number;
  /** Seconds for which the edge keeps errors. @default 0 */
  readonly errorCachingMinTtlS?: number;
  /** How often what is buffered goes to the lake, ms. @default 1000 */
  readonly flushMs?: number;
}

/** A local system that runs. */
export interface System {
  /** Origin of the default short domain, e.g. `http://go.localhost:8080`. */
  readonly shortOrigin: string;
  /** Port of all short domains, on 127.0.0.1. */
  readonly port: number;
  readonly apiOrigin: string;
  /** A token with every scope. */
  readonly token: string;
  readonly dataDir: string;
  readonly lakeDir: string;
  readonly dynamodbEndpoint: string;
  readonly firehoseEndpoint: string;
  readonly linksTable: DynamoTable;
  readonly clock: Clock;
  /** Delivers every click acknowledged so far to the lake. @returns how many it took */
  flush(): Promise<number>;
  setFault(target: FaultTarget, fault: Fault): Promise<void>;
  /** Answers what is under way, delivers what is left, and lets the folder go. */
  close(): Promise<void>;
}

/** A port that someone else listens on. */
export class PortTakenError extends Error {
  override readonly name = 'PortTakenError';
}

/**
 * Starts the whole system in this process.
 * @throws FolderInUseError, PortTakenError
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  const folder = openDataFolder(options.dataDir);
  const unlock = lockFolder(folder.root);
  const undo: (() => unknown)[] = [unlock];
  try {
    return await startIn(folder, options, undo);
  } catch (error) {
    await closeAll(undo);
    throw error;
  }
}

async function startIn(folder: DataFolder, options: SystemOptions, undo: (() => unknown)[]): Promise<System> {
  const { flushMs = 1_000, write = (text) => void process.stdout.write(text) } = options;
  const clock = new Clock();
  const engines = await EngineThread.start({ folder, clock: clock.shared, flushMs });
  undo.push(() => engines.close());
  const faults = new Faults();
  const client = localDynamo(engines.endpoints.dynamodb);
  undo.push(() => client.destroy());
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const linksTable = new DynamoTable(documents, localNames.linksTable);
  const ledgerTable = new DynamoTable(documents, localNames.ledgerTable);
  const hosts = new HostList(async (host) => (await linksTable.get(linksKey.domain(host))) !== null);

  const accessLog = new AccessLogBuffer(new Spool(folder.accessLogSpool), flushMs);
  undo.push(() => accessLog.close());
  const spool = new Spool(folder.clicksSpool);
  undo.push(() => spool.rotate());
  const stream = new ClickStream({ spool, streamBase: localNames.streamBase, now: clock.now });
  const edge = createEdge({
    clock,
    hosts,
    endpoints: engines.endpoints,
    logAccess: accessLog.add,
    write,
    instances: options.instances ?? 1,
    errorCachingMinTtlS: options.errorCachingMinTtlS ?? 0,
    inProcessStream: options.sink === 'in-process' ? { serve: stream.serve, faults } : null,
  });
  const edgeListening = await listenOn(edge, options.port, 'ONEHOP_PORT');
  undo.push(() => edgeListening.close());
  const shortOrigin = `http://${localNames.defaultDomain}:${edgeListening.port}`;

  const flush = async () => {
    accessLog.passOn();
    spool.rotate();
    return engines.flush();
  };
  const setFault = async (target: FaultTarget, fault: Fault) => {
    faults.set(target, fault);
    await engines.setFault(target, fault);
  };
  const reports = await DuckDbEngine.open(folder.lake);
  undo.push(() => reports.close());
  const api = createLocalApi({ linksTable, ledgerTable, queryEngine: reports, now: clock.now, shortOrigin });
  const { endpoints } = engines;
  const control = new Control({ clock, flush, setFault, faults: () => faults.all(), endpoints, dataDir: folder.root });
  const apiServer = createApiServer({ api, control, hosts, now: clock.now });
  const apiListening = await listenOn(apiServer, options.apiPort, 'ONEHOP_API_PORT');
  undo.push(() => apiListening.close());

  return {
    shortOrigin,
    port: edgeListening.port,
    apiOrigin: `http://localhost:${apiListening.port}`,
    token: await ensureToken(ledgerTable, folder.tokenFile, clock.now()),
    dataDir: folder.root,
    lakeDir: folder.lake,
    dynamodbEndpoint: endpoints.dynamodb,
    firehoseEndpoint: endpoints.firehose,
    linksTable,
    clock,
    flush,
    setFault,
    close: () => closeAll(undo),
  };
}

/** Ends what was started, the last first; each once, however often it is called. */
async function closeAll(undo: (() => unknown)[]): Promise<void> {
  for (let step = undo.pop(); step; step = undo.pop()) await step();
}

async function listenOn(
  server: Parameters<typeof listen>[0],
  port: number | undefined,
  setting: string,
): Promise<Listening> {
  try {
    return await listen(server, port);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      throw new PortTakenError(
        `port ${port} is taken: end the program that uses it, or set ${setting} to another port`,
      );
    if (code === 'EACCES') throw new PortTakenError(`port ${port} may not be opened: set ${setting} to another port`);
    throw error;
  }
}
