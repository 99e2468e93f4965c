import { type CallAws, createAwsJson } from '../adapters/edge/aws-json.ts';
import { ClickDelivery } from '../adapters/edge/click-delivery.ts';
import type { Connections } from '../adapters/edge/connections.ts';
import { DocumentCache } from '../adapters/edge/document-cache.ts';
import { KeyStore } from '../adapters/edge/key-store.ts';
import { LinksStore } from '../adapters/edge/links-store.ts';
import type { Credentials } from '../adapters/edge/signature.ts';
import type { EdgeConfig } from '../contract/edge-config.ts';
import { nearestRegion } from '../core/regions.ts';
import { CapCounter } from './cap-counter.ts';
import { prepareItem } from './prepare-item.ts';
import type { RedirectServices } from './redirect.ts';

/** How long a link, offer, campaign, domain or its absence is believed, ms: with replication, a pause is obeyed everywhere within 30 s. */
export const DOCUMENT_TTL_MS = 25_000;
/** How long another instance's count of taps is believed, ms. */
const COUNTER_TTL_MS = 2_000;

const PUT_MS = 300;
const FIRST_PUT_MS = 1_500;
const READ_MS = 1_000;

/** Settings that all domains of a deployment share. */
export type SharedConfig = Omit<EdgeConfig, 'domain' | 'fallbackUrl'>;

/** What an instance has before its first event: its place in the world, its clocks and its connections. */
export interface Instance {
  readonly region: string;
  readonly credentials: () => Credentials;
  readonly connections: Connections;
  readonly now: () => number;
  readonly monotonic: () => number;
  /** Takes one line of the function's log. */
  readonly log: (line: string) => void;
}

/** Builds what an instance keeps from tap to tap; the first event's settings say with whom it talks. */
export function createServices(config: SharedConfig, instance: Instance): RedirectServices {
  const { connections, credentials, now, monotonic, region } = instance;
  const call = createAwsJson({ connections, credentials, ...(config.endpoints && { endpoints: config.endpoints }) });
  const store = linksStore(config, call, region);
  const cache = new DocumentCache({ load: prepared(store, instance.log), now, ttlMs: timeToLive });
  return {
    cache,
    keys: keyStore(config, call, instance),
    delivery: clickDelivery(config, call, instance),
    caps: new CapCounter(store, cache, config.putMs ?? PUT_MS),
    now,
    monotonic,
    region,
  };
}

const timeToLive = (key: string) => (key.startsWith('counter#') ? COUNTER_TTL_MS : DOCUMENT_TTL_MS);

function linksStore(config: SharedConfig, call: CallAws, region: string): LinksStore {
  const [homeRegion = region] = config.tableRegions;
  const readMs = config.readMs ?? READ_MS;
  return new LinksStore({
    call,
    table: config.linksTable,
    region: nearestRegion(region, config.tableRegions),
    homeRegion,
    readMs,
  });
}

function keyStore(config: SharedConfig, call: CallAws, { region, now, log }: Instance): KeyStore {
  const [homeRegion = region] = config.tableRegions;
  return new KeyStore({
    call,
    secret: config.edgeSecret,
    region: nearestRegion(region, config.tableRegions),
    homeRegion,
    readMs: config.readMs ?? READ_MS,
    now,
    onError: (error) => log(JSON.stringify({ log: 'keys_unreadable', error: error.message })),
  });
}

function clickDelivery(config: SharedConfig, call: CallAws, { region, monotonic, log }: Instance): ClickDelivery {
  const { streamBase, streamShards, putMs = PUT_MS, firstPutMs = FIRST_PUT_MS } = config;
  const regions = Object.keys(streamShards);
  const [homeRegion = region] = config.tableRegions;
  return new ClickDelivery({
    call,
    streamBase,
    streamShards,
    region: nearestRegion(region, regions),
    homeRegion,
    putMs,
    firstPutMs,
    monotonic,
    log,
  });
}

/** Reads items and makes them ready; one that cannot be made ready is logged by its key and counts as absent. */
function prepared(store: LinksStore, log: (line: string) => void) {
  return async (keys: readonly string[]): Promise<ReadonlyMap<string, unknown>> => {
    const items = await store.loadMany(keys);
    return new Map([...items].map(([key, item]) => [key, prepareOrLog(key, item, log)]));
  };
}

function prepareOrLog(key: string, item: unknown, log: (line: string) => void): unknown {
  try {
    return prepareItem(key, item);
  } catch {
    log(JSON.stringify({ log: 'item_unreadable', key }));
    return null;
  }
}
