import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { errorPrefix, type LakeTable } from '../../lambdas/contract/lake.ts';
import type { DataFolder } from '../data-folder.ts';
import type { FailedRecord } from './arrivals.ts';

/** Keeps what could not be delivered under the error prefix of its table, in Firehose's form. */
export function keepFailed(
  { errors }: DataFolder,
  table: LakeTable,
  name: string,
  failed: readonly FailedRecord[],
): void {
  for (const [kind, records] of Map.groupBy(failed, kindOf)) {
    const file = join(dirname(errors), errorPrefix(table.name), kind, `${name}.json`);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.part`, records.map(errorLine).join(''));
    renameSync(`${file}.part`, file);
  }
}

const kindOf = ({ errorCode }: FailedRecord) =>
  errorCode.startsWith('Lambda.') ? 'processing-failed' : 'format-conversion-failed';

function errorLine({ arrived, data, errorCode, errorMessage }: FailedRecord): string {
  return `${JSON.stringify({ attemptsMade: 1, arrivalTimestamp: arrived, errorCode, errorMessage, attemptEndingTimestamp: arrived, rawData: data })}\n`;
}
