import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorPrefix, type LakeTable, lakeTables } from '../../lambdas/contract/lake.ts';
import { enrichClicks } from '../../lambdas/enrich-clicks/handler.ts';
import type { DataFolder } from '../data-folder.ts';
import type { ParquetWriter } from './parquet.ts';
import { dropSegment, type ReadySegment, readySegments } from './spool.ts';

/** A record as it lies in a segment of the clicks spool. */
interface Arrival {
  readonly arrived: number;
  /** Base64. */
  readonly data: string;
}

/** What Firehose keeps of a record that it could not deliver, under the error prefix. */
interface FailedRecord extends Arrival {
  readonly errorCode: string;
  readonly errorMessage: string;
}

/** Records enriched at a time; between two such lots others get their turn, for puts must be answered within milliseconds. */
const LOT = 50;

const dtOf = (time: number) => new Date(time).toISOString().slice(0, 10);
const turnOfOthers = () => new Promise<void>((resolve) => setImmediate(resolve));

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
    for (const segment of readySegments(this.#folder.clicksSpool)) records += await this.#clicks(segment);
    for (const segment of readySegments(this.#folder.accessLogSpool)) await this.#accessLog(segment);
    return records;
  }

  async #clicks(segment: ReadySegment): Promise<number> {
    const arrivals = linesOf(segment).map(toArrival);
    const failed: FailedRecord[] = [];
    const byDay = new Map<string, { arrival: Arrival; json: string }[]>();
    for (let start = 0; start < arrivals.length; start += LOT) {
      for (const enriched of enrichLot(arrivals.slice(start, start + LOT))) {
        if ('errorCode' in enriched) failed.push(enriched);
        else pushTo(byDay, dtOf(enriched.arrival.arrived), enriched);
      }
      await turnOfOthers();
    }
    for (const [dt, rows] of byDay) failed.push(...(await this.#convert(dt, segment.id, rows)));
    this.#keepFailed(segment.id, failed);
    dropSegment(segment);
    return arrivals.length;
  }

  /** Writes rows; where the conversion refuses them, halves until the rows at fault are found. @returns those */
  async #convert(
    dt: string,
    name: string,
    rows: readonly { arrival: Arrival; json: string }[],
  ): Promise<FailedRecord[]> {
    try {
      await this.#parquet.write(
        lakeTables.clicks,
        dt,
        name,
        rows.map(({ json }) => json),
      );
      return [];
    } catch (error) {
      const [only] = rows;
      if (only && rows.length === 1)
        return [failure(only.arrival, 'DataFormatConversion.InvalidRecord', String(error))];
      const half = Math.ceil(rows.length / 2);
      return [
        ...(await this.#convert(dt, `${name}a`, rows.slice(0, half))),
        ...(await this.#convert(dt, `${name}b`, rows.slice(half))),
      ];
    }
  }

  #keepFailed(name: string, failed: readonly FailedRecord[]): void {
    for (const [kind, records] of Map.groupBy(failed, kindOf)) {
      const file = join(dirname(this.#folder.errors), errorPrefix(lakeTables.clicks.name), kind, `${name}.json`);
      mkdirSync(dirname(file), { recursive: true });
      writeFileSync(`${file}.part`, records.map(errorLine).join(''));
      renameSync(`${file}.part`, file);
    }
  }

  async #accessLog(segment: ReadySegment): Promise<void> {
    const rows = linesOf(segment).filter((line) => line.endsWith('}'));
    const table: LakeTable = lakeTables.access_logs;
    for (const [dt, lines] of Map.groupBy(rows, dtOfRow)) await this.#parquet.write(table, dt, segment.id, lines);
    dropSegment(segment);
  }
}

/** Whole lines; one that a crash cut off was never acknowledged. */
function linesOf({ file }: ReadySegment): string[] {
  const text = readFileSync(file, 'utf8');
  return text
    .slice(0, text.lastIndexOf('\n') + 1)
    .split('\n')
    .slice(0, -1);
}

function toArrival(line: string): Arrival {
  const space = line.indexOf(' ');
  return { arrived: Number(line.slice(0, space)), data: line.slice(space + 1) };
}

const dtOfRow = (line: string) => dtOf(Number((JSON.parse(line) as { timestamp_ms: string }).timestamp_ms));

function enrichLot(arrivals: readonly Arrival[]): (FailedRecord | { arrival: Arrival; json: string })[] {
  const records = arrivals.map(({ arrived, data }, index) => ({
    recordId: String(index),
    approximateArrivalTimestamp: arrived,
    data,
  }));
  const event = { invocationId: 'local', deliveryStreamArn: 'local', region: 'us-east-1', records };
  return enrichClicks(event).records.map((result, index) => {
    const arrival = arrivals[index] as Arrival;
    if (result.result !== 'Ok')
      return failure(arrival, 'Lambda.ProcessingFailedStatus', 'ProcessingFailed status set for record');
    return {
      arrival,
      json: Buffer.from(result.data ?? '', 'base64')
        .toString()
        .trimEnd(),
    };
  });
}

const failure = (arrival: Arrival, errorCode: string, errorMessage: string): FailedRecord => ({
  ...arrival,
  errorCode,
  errorMessage: errorMessage.slice(0, 500),
});

const kindOf = ({ errorCode }: FailedRecord) =>
  errorCode.startsWith('Lambda.') ? 'processing-failed' : 'format-conversion-failed';

function errorLine({ arrived, data, errorCode, errorMessage }: FailedRecord): string {
  return `${JSON.stringify({ attemptsMade: 1, arrivalTimestamp: arrived, errorCode, errorMessage, attemptEndingTimestamp: arrived, rawData: data })}\n`;
}

function pushTo<V>(map: Map<string, V[]>, key: string, value: V): void {
  const known = map.get(key);
  if (known) known.push(value);
  else map.set(key, [value]);
}
