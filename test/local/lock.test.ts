import { rmSync } from 'node:fs';
import { expect, it } from 'vitest';
import { FolderInUseError, lockFolder } from '../../local/lock.ts';
import { temporaryFolder } from './testing.ts';

it('gives a folder to one system at a time', () => {
  const folder = temporaryFolder();
  const unlock = lockFolder(folder);
  expect(() => lockFolder(folder)).toThrow(FolderInUseError);
  unlock();
  lockFolder(folder)();
  rmSync(folder, { recursive: true, force: true });
});
