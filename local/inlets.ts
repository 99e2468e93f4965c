import { randomBytes } from 'node:crypto';
import process from 'node:process';
import { storeDelivery } from '../lambdas/adapters/delivery-inlet.ts';
import type { DynamoTable } from '../lambdas/adapters/dynamo-table.ts';
import { SourceStore } from '../lambdas/adapters/source-store.ts';
import { createAttribute } from '../lambdas/attribute/handler.ts';
import { createPostback, type PostbackHandler } from '../lambdas/postback/handler.ts';
import { requeue } from '../lambdas/requeue/handler.ts';
import { createSweep } from '../lambdas/sweep/handler.ts';
import { localServices } from './api/local-services.ts';
import { FileBlobs } from './blobs.ts';
import type { DataFolder } from './data-folder.ts';
import type { Endpoints } from './engines/engines.ts';
import { localQueue, queueClock } from './engines/local-queue.ts';
import { QueueConsumer } from './queue-consumer.ts';

export interface InletOptions {
  readonly folder: DataFolder;
  readonly linksTable: DynamoTable;
  readonly ledgerTable: DynamoTable;
  readonly endpoints: Endpoints;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** Everything that postbacks pass on their way into the ledger. */
export interface Inlets {
  readonly postback: PostbackHandler;
  /** Works until nothing waits any more that can be worked on now. */
  drain(): Promise<void>;
  /** Lets what is under way end. */
  close(): Promise<void>;
}

/** How often what was left behind is taken up again, ms; on AWS it is every five minutes. */
const TIDY_MS = 5_000;

/** The receiving function, the queue behind it and its consumer, in this process. */
export function startInlets({ folder, linksTable, ledgerTable, endpoints, now }: InletOptions): Inlets {
  const services = localServices(endpoints, now);
  const blobs = new FileBlobs(folder.blobs);
  const { keys, streams, newId } = services;
  // a changed source is obeyed in time even while the clock is made to stand
  const uptime = () => performance.now();
  const common = { linksTable, ledgerTable, keys, streams, blobs, now, uptime, newId };
  const sources = new SourceStore({ ledgerTable, homeKeys: keys.home, now, randomBytes });
  const postback = createPostback({
    ...services,
    ...common,
    edgeKeys: keys.edge,
    findSource: (id) => sources.find(id),
    deliver: (request, id) => storeDelivery(request, id, { ...common, keyring: keys.edge }),
    log: tellFaults,
  });
  const queue = localQueue(folder);
  const handle = createAttribute({ ...common, log: tellFaults });
  const consumer = new QueueConsumer({ queue, handle, now: queueClock, onError: tellError });
  const sweep = createSweep({ ...common, log: tellFaults });
  let tidying: Promise<unknown> | null = null;
  const tidy = async () => {
    while (tidying) await tidying;
    // What fails now is tried again at the next turn.
    tidying = Promise.allSettled([requeue({ ...services, blobs }), sweep()]);
    await tidying;
    tidying = null;
  };
  const timer = setInterval(() => tidying ?? tidy(), TIDY_MS).unref();
  return {
    postback,
    drain: async () => {
      await tidy();
      await consumer.drain();
    },
    close: async () => {
      clearInterval(timer);
      await tidying;
      await consumer.stop();
      queue.close();
    },
  };
}

const FAULTS = /failed|unavailable|refused/;

/** Only what somebody should look at is worth a person's terminal. */
function tellFaults(event: string, facts: Readonly<Record<string, unknown>>): void {
  if (FAULTS.test(event) || Number(facts.failed) > 0)
    process.stderr.write(`${JSON.stringify({ log: event, ...facts })}\n`);
}

function tellError(error: unknown): void {
  process.stderr.write(`onehop: a batch of postbacks failed, it is tried again: ${error}\n`);
}
