import { rmSync } from 'node:fs';
import { afterEach } from 'vitest';
import { type Asked, type Row, reportRows } from '../attribution/asked.ts';
import { DAY, NOW } from '../attribution/sample.ts';
import { temporaryFolder } from '../lake-writer.ts';

export const BY_SEND = { from: NOW - 30 * DAY, to: NOW + DAY, basis: 'send', asOf: NOW + 60 * DAY };

/** Rows of the report by send over a lake. */
export const report = (lakeDir: string, asked: Asked = {}): Promise<Row[]> =>
  reportRows('performance', lakeDir, { ...BY_SEND, ...asked });

export const welcome = { campaign_id: 'welcome', message_id: 'welcome-1' };

/** Makes folders of lakes, each gone after its test. */
export function lakeFolders(): () => string {
  const folders: string[] = [];
  afterEach(() => {
    for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
  });
  return () => {
    const made = temporaryFolder('performance');
    folders.push(made);
    return made;
  };
}
