import { spawn } from 'node:child_process';
import process from 'node:process';

/** One check of `npm test`. `proof` must match what it prints: a check that looked at nothing has not passed. */
interface Check {
  readonly name: string;
  readonly command: readonly string[];
  readonly proof?: RegExp;
}

const CODE = ['bin', 'lib', 'lambdas', 'sql', 'cli', 'local', 'bench', 'test'];

const CHECKS: readonly Check[] = [
  { name: 'types', command: ['tsc', '-p', '.'] },
  { name: 'lint and format', command: ['biome', 'ci', '.'], proof: /Checked [1-9]\d{2,} files/ },
  {
    name: 'import rule',
    command: ['depcruise', '--config', '.dependency-cruiser.cjs', ...CODE],
    // With a TypeScript it cannot parse the tool reads nothing and finds no violation.
    proof: /no dependency violations found \([1-9]\d{2,} modules, [1-9]\d{2,} dependencies cruised\)/,
  },
  { name: 'dead code', command: ['knip'] },
];

/** Without colours: the output is matched, and printed only where it matters. */
const PLAIN = { ...process.env, FORCE_COLOR: '0', NO_COLOR: '1' };

/** Runs one check and returns whether it passed. */
function run({ name, command: [program = '', ...args], proof }: Check): Promise<boolean> {
  const began = Date.now();
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'], env: PLAIN });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => (output += error.message));
    child.on('close', (code) => {
      const passed = code === 0 && (!proof || proof.test(output));
      process.stdout.write(
        `${passed ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - began) / 1_000).toFixed(1)} s)\n`,
      );
      if (!passed) process.stdout.write(`${output}\n`);
      resolve(passed);
    });
  });
}

/** Unit, property, template, bundle and end-to-end tests; they print as they go. */
function runTests(args: readonly string[]): Promise<boolean> {
  return new Promise((resolve) => {
    const child = spawn('vitest', ['run', ...args], { stdio: 'inherit' });
    child.on('close', (code) => resolve(code === 0));
  });
}

const results: boolean[] = [];
for (const check of CHECKS) results.push(await run(check));
results.push(await runTests(process.argv.slice(2)));
process.exitCode = results.every(Boolean) ? 0 : 1;
