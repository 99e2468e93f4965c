// Whether somebody has run `npm ci` or `npm install`: then there is nothing left for run.mjs to install.
// Plain JavaScript and no dependency, because it runs on whatever Node >= 20 the machine has.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';

/**
 * True where npm's own record of what it installed names every package of package-lock.json that this machine needs, in its version,
 * and none in another.
 */
export function isInstalledByNpm(root) {
  const locked = packagesOf(join(root, 'package-lock.json'));
  const installed = packagesOf(join(root, 'node_modules', '.package-lock.json'));
  if (!locked || !installed) return false;
  const isSame = (path) => installed[path]?.version === locked[path]?.version;
  return (
    Object.keys(locked).every((path) => path === '' || isSame(path) || !isNeeded(locked[path])) &&
    Object.keys(installed).every(isSame)
  );
}

function packagesOf(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** What is optional is needed where it was built for this very machine: npm leaves out what others need. */
function isNeeded({ optional, devOptional, peer, os, cpu, libc }) {
  if (!optional && !devOptional && !peer) return true;
  return Boolean(os) && fits(os, process.platform) && fits(cpu, process.arch) && fits(libc, libcHere());
}

const fits = (list, mine) => !list || list.includes(mine);

function libcHere() {
  if (process.platform !== 'linux') return undefined;
  return process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl';
}
