import process from 'node:process';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoTable } from '../lambdas/adapters/dynamo-table.ts';
import { linksKey } from '../lambdas/contract/keys.ts';
import { createLocalApi } from './api/local-api.ts';
import { createApiServer } from './api/server.ts';
import { FileBlobs } from './blobs.ts';
import { Clock } from './clock.ts';
import { Control } from './control/control.ts';
import { type DataFolder, openDataFolder } from './data-folder.ts';
import { startEdges } from './edge/edges.ts';
import { listen } from './engines/aws-json.ts';
import { EngineThread } from './engines/engine-thread.ts';
import { localDynamo } from './engines/tables.ts';
import { type Fault, Faults, type FaultTarget } from './faults.ts';
import { HostList } from './hosts.ts';
import { startInlets } from './inlets.ts';
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
  /** Instances of the edge function in each thread. @default 1 */
  readonly instances?: number;
  /** Threads that answer taps; more than one needs Linux. @default 1: the calling thread */
  readonly threads?: number;
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
  const { endpoints } = engines;
  const { linksTable, ledgerTable, disconnect } = openTables(endpoints.dynamodb);
  undo.push(disconnect);
  const edges = await withSetting(
    'ONEHOP_PORT',
    startEdges(
      { ...edgeSettings(options), folder, clock: clock.shared, endpoints, flushMs },
      options.threads ?? 1,
      write,
    ),
  );
  undo.push(() => edges.close());
  const shortOrigin = `http://${localNames.defaultDomain}:${edges.port}`;

  const inlets = startInlets({ folder, linksTable, ledgerTable, endpoints, now: clock.now });
  undo.push(() => inlets.close());
  const flush = async () => {
    await Promise.all([edges.passOn(), inlets.drain()]);
    return engines.flush();
  };
  const faults = new Faults();
  const setFault = async (target: FaultTarget, fault: Fault) => {
    faults.set(target, fault);
    await Promise.all([edges.setFault(target, fault), engines.setFault(target, fault)]);
  };
  const reports = await DuckDbEngine.open(folder.lake);
  undo.push(() => reports.close());
  const api = createLocalApi({
    linksTable,
    ledgerTable,
    queryEngine: reports,
    endpoints,
    blobs: new FileBlobs(folder.blobs),
    now: clock.now,
    shortOrigin,
  });
  const control = new Control({ clock, flush, setFault, faults: () => faults.all(), endpoints, dataDir: folder.root });
  const hosts = new HostList(async (host) => (await linksTable.get(linksKey.domain(host))) !== null);
  const apiServer = createApiServer({ api, postback: inlets.postback, control, hosts, now: clock.now });
  const apiListening = await withSetting('ONEHOP_API_PORT', listen(apiServer, options.apiPort));
  undo.push(() => apiListening.close());

  return {
    shortOrigin,
    port: edges.port,
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

function openTables(endpoint: string) {
  const client = localDynamo(endpoint);
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  return {
    linksTable: new DynamoTable(documents, localNames.linksTable),
    ledgerTable: new DynamoTable(documents, localNames.ledgerTable),
    disconnect: () => client.destroy(),
  };
}

/** Ends what was started, the last first; each once, however often it is called. */
async function closeAll(undo: (() => unknown)[]): Promise<void> {
  for (let step = undo.pop(); step; step = undo.pop()) await step();
}

function edgeSettings({ sink = 'protocol', instances = 1, errorCachingMinTtlS = 0, port = 0 }: SystemOptions) {
  return { sink, instances, errorCachingMinTtlS, port };
}

/** Says which setting to change where a port cannot be had. */
async function withSetting<T>(setting: string, listening: Promise<T>): Promise<T> {
  try {
    return await listening;
  } catch (error) {
    const { code, port } = error as NodeJS.ErrnoException & { port?: number };
    const why = { EADDRINUSE: 'is taken: end the program that uses it', EACCES: 'may not be opened: become root' }[
      code ?? ''
    ];
    throw why ? new PortTakenError(`port ${port} ${why}, or set ${setting} to another port`) : error;
  }
}
