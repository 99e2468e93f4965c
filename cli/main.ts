import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommanderError } from 'commander';
import { CliError } from './cli-error.ts';
import { createProgram } from './program.ts';

const program = createProgram({
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  fetch,
  now: () => Date.now(),
  sleep: (ms) => sleep(ms),
});

// A reader that closed its end (`onehop … | head`) is no fault of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

try {
  await program.exitOverride().parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode;
  else if (error instanceof CliError) {
    process.stderr.write(`${[`onehop: ${error.message}`, ...error.details.map((line) => `  - ${line}`)].join('\n')}\n`);
    process.exitCode = 1;
  } else {
    process.stderr.write(`onehop: ${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  }
}
