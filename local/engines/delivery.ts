import { eventTables, type LakeTable, lakeTables } from '../../lambdas/contract/lake.ts';
import { type DataFolder, eventSpool, smsEventSpool } from '../data-folder.ts';
import {
  type Arrival,
  arrivalsOf,
  type DeliverableRow,
  dtOf,
  type FailedRecord,
  failure,
  linesOf,
} from './arrivals.ts';
import { keepFailed } from './error-objects.ts';
import type { ParquetWriter } from './parquet.ts';
import { enriched, mappedSmsEvents } from './processing.ts';
import { dropSegment, type ReadySegment, readySegments } from './spool.ts';

type Prepared = readonly (DeliverableRow | FailedRecord)[];

/** Takes what lies in the spools to the lake. Doing it again after a crash writes the same files, so nothing doubles. */
export class Delivery {
  readonly #folder: DataFolder;
  readonly #parquet: ParquetWriter;

  constructor(folder: DataFolder, parquet: ParquetWriter) {
    this.#folder = folder;
    this.#parquet = parquet;
  }

  /** Delivers every closed segment. @returns how many records it took */
  async run(): Promise<number> {
    let records = 0;
    for (const segment of readySegments(this.#folder.clicksSpool))
      records += await this.#deliver(lakeTables.clicks, segment, enriched);
    for (const table of eventTables)
      for (const segment of readySegments(eventSpool(this.#folder, table)))
        records += await this.#deliver(lakeTables[table], segment, asTheyCame);
    for (const segment of readySegments(smsEventSpool(this.#folder)))
      records += await this.#deliver(lakeTables.sends, segment, mappedSmsEvents);
    for (const segment of readySegments(this.#folder.accessLogSpool)) await this.#accessLog(segment);
    return records;
  }

  async #deliver(
    table: LakeTable,
    segment: ReadySegment,
    prepare: (arrivals: readonly Arrival[]) => Promise<Prepared>,
  ): Promise<number> {
    const arrivals = arrivalsOf(segment);
    const prepared = await prepare(arrivals);
    const failed: FailedRecord[] = prepared.filter((row) => 'errorCode' in row);
    const rows = prepared.filter((row) => 'json' in row);
    for (const [dt, ofDay] of Map.groupBy(rows, ({ arrival }) => dtOf(arrival.arrived)))
      failed.push(...(await this.#convert(table, dt, segment.id, ofDay)));
    keepFailed(this.#folder, table, segment.id, failed);
    dropSegment(segment);
    return arrivals.length;
  }

  /** Writes rows; where the conversion refuses them, halves until the rows at fault are found. @returns those */
  async #convert(table: LakeTable, dt: string, name: string, rows: readonly DeliverableRow[]): Promise<FailedRecord[]> {
    try {
      const lines = rows.map(({ json }) => json);
      await this.#parquet.write(table, dt, name, lines);
      return [];
    } catch (error) {
      const [only] = rows;
      if (only && rows.length === 1)
        return [failure(only.arrival, 'DataFormatConversion.InvalidRecord', String(error))];
      const half = Math.ceil(rows.length / 2);
      return [
        ...(await this.#convert(table, dt, `${name}a`, rows.slice(0, half))),
        ...(await this.#convert(table, dt, `${name}b`, rows.slice(half))),
      ];
    }
  }

  async #accessLog(segment: ReadySegment): Promise<void> {
    const rows = linesOf(segment).filter((line) => line.endsWith('}'));
    const table: LakeTable = lakeTables.access_logs;
    for (const [dt, lines] of Map.groupBy(rows, dtOfRow)) await this.#parquet.write(table, dt, segment.id, lines);
    dropSegment(segment);
  }
}

/** Records of an event table need nothing added. */
async function asTheyCame(arrivals: readonly Arrival[]): Promise<Prepared> {
  return arrivals.map((arrival) => ({ arrival, json: Buffer.from(arrival.data, 'base64').toString().trimEnd() }));
}

const dtOfRow = (line: string) => dtOf(Number((JSON.parse(line) as { timestamp_ms: string }).timestamp_ms));
