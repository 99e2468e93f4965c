import process from 'node:process';
import { findPython, installEmulator, startEmulator } from './ministack.ts';
import { scenario } from './scenario.ts';

/** `npm run test:deploy`: deploys, uses, destroys and deploys again, on an AWS emulator that enforces IAM. */
async function main(): Promise<void> {
  const python = findPython();
  if (!python) {
    process.stdout.write(
      'test:deploy skipped: the AWS emulator needs Python 3.10 or newer with venv, and none is here.\n',
    );
    return;
  }
  const emulator = await startEmulator(installEmulator(python));
  const began = Date.now();
  try {
    await scenario(emulator, (text) =>
      process.stdout.write(`ok  ${text} (${Math.round((Date.now() - began) / 1_000)} s)\n`),
    );
  } finally {
    await emulator.stop();
  }
}

await main();
