import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { dropSegment, readySegments, recoverSegments, Spool } from '../../../local/engines/spool.ts';
import { temporaryFolder } from '../testing.ts';

let folder: string;
beforeEach(() => {
  folder = temporaryFolder();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const texts = () => readySegments(folder).map(({ file }) => readFileSync(file, 'utf8'));

describe('Spool', () => {
  it('has a line in its file before append returns', () => {
    new Spool(folder).append('a\n');
    const [name = ''] = readdirSync(folder);
    expect(readFileSync(join(folder, name), 'utf8')).toBe('a\n');
    expect(texts()).toEqual([]);
  });

  it('offers segments once they are closed, oldest first', () => {
    const spool = new Spool(folder);
    for (const line of ['a\n', 'b\n', 'c\n']) {
      spool.append(line);
      spool.rotate();
    }
    spool.rotate();
    expect(texts()).toEqual(['a\n', 'b\n', 'c\n']);
  });

  it('closes a segment that has grown large, so that memory stays bounded', () => {
    const spool = new Spool(folder);
    for (let count = 0; count < 3; count++) spool.append(`${'x'.repeat(6 * 1024 * 1024)}\n`);
    expect(readySegments(folder)).toHaveLength(1);
  });

  it('offers after a crash what was still being written', () => {
    new Spool(folder).append('a\n');
    recoverSegments(folder);
    expect(texts()).toEqual(['a\n']);
  });

  it('forgets a segment that was delivered', () => {
    const spool = new Spool(folder);
    spool.append('a\n');
    spool.rotate();
    for (const segment of readySegments(folder)) dropSegment(segment);
    expect(readdirSync(folder)).toEqual([]);
  });
});
