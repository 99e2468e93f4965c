#!/usr/bin/env node
// The `onehop` command: installs what is missing and goes on with the project's own Node, like every npm script.
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

process.argv.splice(2, 0, join(dirname(fileURLToPath(import.meta.url)), 'main.ts'));
await import('../bin/run.mjs');
