import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGunzip } from 'node:zlib';
import { FirehoseClient } from '@aws-sdk/client-firehose';
import { GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import type { Command } from 'commander';
import { ClickStream } from '../../lambdas/adapters/click-stream.ts';
import { clickStreamName } from '../../lambdas/contract/edge-config.ts';
import { HOME_REGION } from '../../lambdas/contract/outputs.ts';
import { readLine } from '../../lambdas/core/replay/replayable.ts';
import { CliError } from '../cli-error.ts';
import { Client } from '../client.ts';
import { connectionOf } from '../connection.ts';
import { outputsOf } from '../stage.ts';
import type { Terminal } from '../terminal.ts';

const HELP = `
Takes lines of the edge function's log (click_not_stored) as they are, behind a CloudWatch prefix or inside JSON log
events, and the error records of Firehose, from files, folders, standard input (-) or s3://bucket/prefix. Views remove
repeats, so replaying twice does no harm.

Examples:
  $ npm start | tee server.log; onehop replay server.log
  $ aws logs tail /aws/lambda/us-east-1.<function> --region eu-west-1 --since 1d | onehop replay - --stage prod
  $ onehop replay s3://<bucket>/errors/clicks/ --stage prod`;

interface Count {
  clicks: number;
  other: number;
  unreadable: string[];
}

/** `replay`: takes clicks that did not reach the lake back in. */
export function addReplayCommand(program: Command, terminal: Terminal): void {
  program
    .command('replay <source...>')
    .description('take clicks from logs or error records back into the lake')
    .addHelpText('after', HELP)
    .action(async (sources: string[], _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const stream = flags.stage ? await stageStream(flags.stage) : await localStream(terminal);
      const count: Count = { clicks: 0, other: 0, unreadable: [] };
      for (const source of sources)
        for await (const part of open(source, terminal)) await replayLines(part, stream, count);
      await stream.flush();
      report(count, terminal);
    });
}

function report({ clicks, other, unreadable }: Count, { stdout }: Terminal): void {
  stdout.write(`${clicks} clicks put back, ${other} other lines passed over, ${unreadable.length} unreadable\n`);
  if (unreadable.length > 0)
    throw new CliError(`${unreadable.length} clicks could not be read`, unreadable.slice(0, 100));
  if (clicks === 0) throw new CliError('nothing in there was a click');
}

async function replayLines(
  part: { readonly name: string; readonly data: Readable },
  stream: ClickStream,
  count: Count,
): Promise<void> {
  let lineNo = 0;
  for await (const line of createInterface({ input: part.data, crlfDelay: Number.POSITIVE_INFINITY })) {
    lineNo += 1;
    for (const found of readLine(line)) {
      if (found.kind === 'other') count.other += line.trim() === '' ? 0 : 1;
      else if (found.kind === 'unreadable') count.unreadable.push(`${part.name}:${lineNo}: ${found.reason}`);
      else {
        await stream.add(found.tap);
        count.clicks += 1;
      }
    }
  }
}

async function stageStream(stage: string): Promise<ClickStream> {
  const { StreamBase } = await outputsOf(stage);
  return new ClickStream({
    client: new FirehoseClient({ region: HOME_REGION }),
    stream: clickStreamName(StreamBase, 0),
    sleep: (ms) => sleep(ms),
  });
}

/** The local mode tells where its Firehose listens. */
async function localStream(terminal: Terminal): Promise<ClickStream> {
  const { body } = await new Client(connectionOf({}, terminal), terminal).call('GET', '/local/health');
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  const client = new FirehoseClient({ region: HOME_REGION, endpoint: body.endpoints.firehose, credentials });
  return new ClickStream({ client, stream: clickStreamName(body.names.stream_base, 0), sleep: (ms) => sleep(ms) });
}

async function* open(source: string, terminal: Terminal): AsyncGenerator<{ name: string; data: Readable }> {
  if (source === '-') yield { name: 'standard input', data: terminal.stdin };
  else if (source.startsWith('s3://')) yield* openS3(source);
  else yield* openPath(source);
}

async function* openPath(path: string): AsyncGenerator<{ name: string; data: Readable }> {
  const info = await stat(path).catch(() => null);
  if (!info) throw new CliError(`there is no file or folder ${path}`);
  const names = info.isDirectory() ? await readdir(path, { recursive: true, withFileTypes: true }) : null;
  const files = names
    ? names.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    : [path];
  for (const file of files.sort()) yield { name: file, data: unzipped(createReadStream(file), file) };
}

async function* openS3(url: string): AsyncGenerator<{ name: string; data: Readable }> {
  const [, bucket, prefix = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(url) ?? [];
  const client = new S3Client({ region: HOME_REGION });
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ...(token && { ContinuationToken: token }) }),
    );
    for (const { Key = '' } of page.Contents ?? []) {
      const object = await client.send(new GetObjectCommand({ Bucket: bucket, Key }));
      yield { name: `s3://${bucket}/${Key}`, data: unzipped(object.Body as Readable, Key) };
    }
    token = page.NextContinuationToken;
  } while (token);
}

const unzipped = (data: Readable, name: string) => (name.endsWith('.gz') ? data.pipe(createGunzip()) : data);
