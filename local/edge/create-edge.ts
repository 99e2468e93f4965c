import type { Server } from 'node:http';
import type { EdgeConfig } from '../../lambdas/contract/edge-config.ts';
import type { Clock } from '../clock.ts';
import type { AwsCall } from '../engines/aws-json.ts';
import type { Endpoints } from '../engines/engines.ts';
import type { Faults } from '../faults.ts';
import type { HostList } from '../hosts.ts';
import { localCredentials, localNames } from '../names.ts';
import type { AccessLogRow } from './access-log.ts';
import { builtEdgeBundle } from './bundle.ts';
import { inProcessHttp } from './in-process-http.ts';
import { startEdgeInstance } from './instance.ts';
import { createEdgeSimulator } from './simulator.ts';

export interface EdgeOptions {
  readonly clock: Clock;
  readonly hosts: HostList;
  readonly endpoints: Endpoints;
  readonly logAccess: (row: AccessLogRow) => void;
  /** Takes what the function writes on standard output. */
  readonly write: (text: string) => void;
  readonly instances: number;
  readonly errorCachingMinTtlS: number;
  /** Takes clicks by plain calls, without the protocol. @default null: over the protocol */
  readonly inProcessStream: { readonly serve: (call: AwsCall) => Promise<object>; readonly faults: Faults } | null;
}

/** The edge of the local system: simulator, instances of the built bundle, and the settings they get. */
export function createEdge(options: EdgeOptions): Server {
  const { clock, hosts, endpoints, logAccess, write, inProcessStream, errorCachingMinTtlS } = options;
  const port = Number(new URL(endpoints.firehose).port);
  const modules = inProcessStream ? { http: inProcessHttp({ ...inProcessStream, port }) } : {};
  const instance = {
    code: builtEdgeBundle(),
    region: localNames.region,
    credentials: localCredentials,
    now: clock.now,
    write,
    modules,
  };
  const instances = Array.from({ length: options.instances }, () => startEdgeInstance(instance));
  return createEdgeSimulator({
    instances,
    configOf: configs(endpoints),
    hosts,
    now: clock.now,
    logAccess,
    errorCachingMinTtlS,
  });
}

/** Deadline of a click's delivery, ms: longer than on AWS, for a laptop has all services on the same few cores. */
const PUT_MS = 1_000;

/** Two distributions: that of the default domain, and one for every other name, which the links table may know. */
function configs(endpoints: Endpoints): (host: string) => EdgeConfig {
  const config = (domain: string): EdgeConfig => ({
    domain,
    linksTable: localNames.linksTable,
    tableRegions: [localNames.region],
    edgeSecret: localNames.edgeSecret,
    streamBase: localNames.streamBase,
    streamShards: { [localNames.region]: 1 },
    ipPolicy: 'hash',
    putMs: PUT_MS,
    endpoints,
  });
  const ofDefaultDomain = config(localNames.defaultDomain);
  const ofOthers = config('default');
  return (host) => (host === localNames.defaultDomain ? ofDefaultDomain : ofOthers);
}
