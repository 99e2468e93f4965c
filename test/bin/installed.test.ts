import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, expect, it } from 'vitest';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'onehop-run-'));
  for (const folder of ['bin', 'npm', 'node_modules/node/bin', 'node_modules/one'])
    mkdirSync(join(root, folder), { recursive: true });
  for (const file of ['run.mjs', 'installed.mjs']) copyFileSync(`bin/${file}`, join(root, 'bin', file));
  symlinkSync(process.execPath, join(root, 'node_modules/node/bin/node'));
  write('npm/npm', '#!/bin/sh\necho "npm ran" >&2\n', 0o755);
  write('script.mjs', 'console.log("script ran");');
  write('package.json', { dependencies: { one: '1.0.0' }, devDependencies: { node: '24.0.0' } });
  for (const name of ['one', 'node']) write(`node_modules/${name}/package.json`, {});
  write('package-lock.json', { packages: { '': {}, ...packages, ...elsewhere } });
});
afterEach(() => rmSync(root, { recursive: true }));

const here = { optional: true, os: [process.platform], cpu: [process.arch] };
const packages = {
  'node_modules/one': { version: '1.0.0' },
  'node_modules/node': { version: '24.0.0', dev: true },
  'node_modules/native-here': { version: '2.0.0', ...here },
};
const elsewhere = {
  'node_modules/native-there': { version: '2.0.0', optional: true, os: ['aix'], cpu: ['ppc64'] },
  'node_modules/fallback': { version: '3.0.0', optional: true },
};

const write = (path: string, content: string | object, mode = 0o644) =>
  writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content), { mode });
const installed = (content: object) => write('node_modules/.package-lock.json', { packages: content });
function run() {
  const env = { PATH: `${join(root, 'npm')}:${process.env.PATH}` };
  const { stdout, stderr } = spawnSync(process.execPath, ['bin/run.mjs', 'script.mjs'], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  expect(stdout).toBe('script ran\n');
  return stderr;
}

it('takes what npm ci has installed for installed, and remembers it', () => {
  installed(packages);
  expect(run()).toBe('');
  expect(existsSync(join(root, 'node_modules/.onehop-installed'))).toBe(true);
  rmSync(join(root, 'node_modules/.package-lock.json'));
  expect(run()).toBe('');
  write('package-lock.json', { packages: { ...packages, 'node_modules/new': { version: '1.0.0' } } });
  expect(run()).toContain('npm ran');
});

const { 'node_modules/native-here': _, ...withoutNative } = packages;
it.each([
  ['nothing is known of it', null],
  ['another version is there', { ...packages, 'node_modules/one': { version: '0.9.0' } }],
  ['more is there', { ...packages, 'node_modules/extra': { version: '1.0.0' } }],
  ['what is built for this machine is missing', withoutNative],
  ['what only tests need is missing', { 'node_modules/one': packages['node_modules/one'] }],
])('installs where %s', (__, content) => {
  if (content) installed(content);
  expect(run()).toMatch(/installing dependencies[\s\S]*npm ran/);
});

it('installs where a package is gone that npm put there', () => {
  installed(packages);
  rmSync(join(root, 'node_modules/one'), { recursive: true });
  expect(run()).toContain('npm ran');
});
