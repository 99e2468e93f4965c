import { once } from 'node:events';
import { createServer } from 'node:net';
import { MessageChannel, type MessagePort } from 'node:worker_threads';
import { listen } from '../engines/aws-json.ts';
