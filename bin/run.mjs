// First step of every npm script: installs what is missing, then goes on with the project's own Node.
// Plain JavaScript and no dependency, because it runs on whatever Node >= 20 the machine has.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isInstalledByNpm } from './installed.mjs';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const modules = join(root, 'node_modules');
const stamp = join(modules, '.onehop-installed');
const windows = process.platform === 'win32';
const projectNode = join(modules, 'node', 'bin', windows ? 'node.exe' : 'node');

function fail(message) {
  process.stderr.write(`onehop: ${message}\n`);
  process.exit(1);
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
}

const isStamped = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === lockHash();

function isInstalled() {
  if (!existsSync(projectNode)) return false;
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const names = Object.keys({ ...dependencies, ...devDependencies });
  if (!names.every((name) => existsSync(join(modules, name, 'package.json')))) return false;
  return isStamped() || isInstalledByNpm(root);
}

function install() {
  process.stderr.write('onehop: installing dependencies, about half a minute …\n');
  // Not "npm ci": it refuses a lock file that lacks the optional packages of platforms other than the one that wrote it.
  const npm = spawnSync('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: windows,
  });
  if (npm.status !== 0) fail('npm install failed; its message is above. Check the network and try again.');
  if (!existsSync(projectNode)) fail('node@24 did not install. Run "npm rebuild node" and try again.');
  writeFileSync(stamp, lockHash());
}

if (Number(process.versions.node.split('.')[0]) < 20) fail(`Node 20 or newer is needed, this is ${process.version}.`);
if (!isInstalled()) install();
else if (!isStamped()) writeFileSync(stamp, lockHash());

const [script, ...args] = process.argv.slice(2);
if (!script) fail('usage: node bin/run.mjs <script> [arguments]');
const child = spawn(projectNode, ['--disable-warning=ExperimentalWarning', script, ...args], {
  stdio: 'inherit',
  env: {
    ...process.env,
    PATH: `${dirname(projectNode)}${delimiter}${join(modules, '.bin')}${delimiter}${process.env.PATH}`,
  },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
