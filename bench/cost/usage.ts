import type { PriceName } from './prices.ts';

/** What a month looks like. Each default is an assumption or a measurement, and is printed with the result. */
export interface Month {
  /** Requests on short domains. */
  readonly clicks: number;
  /** CPU time of one click at the edge with a whole core, ms; measured by the `handler` benchmark. */
  readonly handlerCpuMs: number;
  /** Memory of the edge function, MB. */
  readonly edgeMemoryMb: number;
  /** Time a click waits for Firehose in the region, ms. */
  readonly putWaitMs: number;
  /** Share of clicks that meet a new instance. */
  readonly coldShare: number;
  /** What such a click takes beyond the others: loading, first connections, first reads; ms. */
  readonly coldMs: number;
  /** Bytes of an answer to the visitor, headers included. */
  readonly answerBytes: number;
  /** Share of clicks that find the cache of their instance cold or expired. */
  readonly missShare: number;
  /** Items such a click reads. */
  readonly itemsPerMiss: number;
  /** Bytes of a click as JSON, of its row in Parquet and of its line in CloudFront's log (gzip). */
  readonly recordBytes: number;
  readonly rowBytes: number;
  readonly accessLogBytes: number;
  /** Bytes that Lambda itself logs for each call: START, END, REPORT. */
  readonly functionLogBytes: number;
  /** Reports over the whole month's clicks, and bytes each reads of a click. */
  readonly reports: number;
  readonly scannedBytesPerClick: number;
  readonly alarms: number;
}

export const ASSUMED: Omit<Month, 'clicks' | 'handlerCpuMs'> = {
  edgeMemoryMb: 256,
  putWaitMs: 15,
  coldShare: 0.02,
  coldMs: 400,
  answerBytes: 800,
  missShare: 0.2,
  itemsPerMiss: 5,
  recordBytes: 1_250,
  rowBytes: 150,
  accessLogBytes: 150,
  functionLogBytes: 400,
  reports: 300,
  scannedBytesPerClick: 100,
  alarms: 8,
};

/** Memory at which Lambda gives one whole core, MB (https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html). */
const MEMORY_OF_ONE_CORE_MB = 1_769;
/** Firehose bills each record in steps of 5 KB (https://aws.amazon.com/firehose/pricing/). */
const RECORD_STEP_BYTES = 5 * 1_024;
/** An eventually consistent read of up to 4 KB. */
const UNITS_PER_READ = 0.5;
/** Firehose writes a file every five minutes at most; calls of the processor bring up to 1 MB or a minute's clicks. */
const FILES = 30 * 24 * 12;
const MINUTES = 30 * 24 * 60;
const PROCESSOR = { bytes: 1_000_000, msPerClick: 1, memoryGb: 0.5 } as const;
const SECRETS = 2;
const GB = 2 ** 30;

/** Time Lambda@Edge bills for a click on average, ms: CPU at the share of a core its memory buys, waiting, new instances. */
export function edgeDurationMs({ handlerCpuMs, edgeMemoryMb, putWaitMs, coldShare, coldMs }: Month): number {
  const cpuMs = handlerCpuMs / Math.min(1, edgeMemoryMb / MEMORY_OF_ONE_CORE_MB);
  return Math.ceil(cpuMs + putWaitMs + coldShare * coldMs);
}

/** Units of everything that is billed in a month. */
export function usageOf(month: Month): Record<PriceName, number> {
  const { clicks } = month;
  const firehoseGb = (clicks * Math.ceil(month.recordBytes / RECORD_STEP_BYTES) * RECORD_STEP_BYTES) / GB;
  const cpuSeconds = (clicks * PROCESSOR.msPerClick) / 1_000;
  return {
    httpsRequests: clicks,
    egress: (clicks * month.answerBytes) / GB,
    edgeRequests: clicks,
    edgeDuration: (clicks * (edgeDurationMs(month) / 1_000) * month.edgeMemoryMb) / 1_024,
    reads: clicks * month.missShare * month.itemsPerMiss * UNITS_PER_READ,
    secretCalls: clicks * month.coldShare,
    secrets: SECRETS,
    ingest: firehoseGb,
    conversion: firehoseGb,
    functionRequests: Math.max(MINUTES, (clicks * month.recordBytes) / PROCESSOR.bytes),
    functionDuration: cpuSeconds * PROCESSOR.memoryGb,
    puts: FILES,
    storage: (clicks * (month.rowBytes + month.accessLogBytes)) / GB,
    logs: (clicks * month.functionLogBytes) / GB,
    alarms: month.alarms,
    scans: (month.reports * clicks * month.scannedBytesPerClick) / GB,
  };
}
