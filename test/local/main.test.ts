import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask, query, temporaryFolder } from './testing.ts';

interface Started {
  readonly child: ChildProcess;
  readonly port: number;
  readonly ready: { readonly short: string; readonly api: string; readonly token: string };
  readonly text: () => string;
}

let dataDir: string;
let children: ChildProcess[];
beforeEach(() => {
  dataDir = temporaryFolder();
  children = [];
});
afterEach(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(dataDir, { recursive: true, force: true });
});

function run(settings: Readonly<Record<string, string>> = {}, args: readonly string[] = []): ChildProcess {
  const env = { ...process.env, ONEHOP_PORT: '0', ONEHOP_API_PORT: '0', ONEHOP_DATA: dataDir, ...settings };
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', 'local/main.ts', ...args], { env });
  children.push(child);
  return child;
}

function textOf(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  return () => text;
}

async function start(): Promise<Started> {
  const child = run();
  const text = textOf(child);
  await expect.poll(() => text().includes('"ready":true') || child.exitCode !== null, { timeout: 20_000 }).toBe(true);
  const ready = JSON.parse(
    text()
      .split('\n')
      .find((line) => line.startsWith('{"ready"')) ?? text(),
  );
  return { child, port: Number(new URL(ready.short).port), ready, text };
}

/** Starts what cannot start, and tells how it ended. */
async function failed(
  settings: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<{ code: unknown; text: string }> {
  const child = run(settings, args);
  const text = textOf(child);
  const [code] = await once(child, 'close');
  return { code, text: text() };
}

const tap = (port: number, path = '/hello') => ask({ port, path, headers: { host: 'go.localhost' } });
const control = ({ ready }: Started, path: string, body: object = {}) =>
  fetch(`${ready.api}${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
    headers: { 'content-type': 'application/json' },
  });
const clickIds = async () =>
  (await query(join(dataDir, 'lake'), 'select click_id from clicks')).map((row) => row.click_id);
const clickIdOf = (location: string | undefined) => new URL(location ?? '').searchParams.get('click_id');

describe('npm start', () => {
  it('tells a person the example link, and a program everything in one line of JSON', async () => {
    const { ready, port, text } = await start();
    expect(ready).toEqual({
      ready: true,
      short: `http://go.localhost:${port}`,
      api: expect.stringMatching(/^http:\/\/localhost:\d+$/),
      token: expect.stringMatching(/^oh_/),
    });
    expect(text()).toContain(`http://go.localhost:${port}/hello`);
    expect(
      text()
        .split('\n')
        .filter((line) => line.startsWith('{')),
    ).toHaveLength(1);
    expect(text()).toContain(join(dataDir, 'lake'));
    const settings = `ONEHOP_API_PORT=${new URL(ready.api).port} ONEHOP_DATA=${dataDir}`;
    expect(text()).toContain(`${settings} npx onehop report clicks`);
    const { status, headers } = await tap(port);
    expect(status).toBe(302);
    const location = new URL(headers.location ?? '');
    expect(`${location.origin}${location.pathname}`).toBe('https://example.com/landing');
    expect(Object.fromEntries(location.searchParams)).toMatchObject({
      campaign_id: 'summer_sale',
      segment: 'vip',
      creative: 'a',
    });
  });

  it('keeps its secrets to their owner', async () => {
    await start();
    for (const name of ['token', 'keys.json']) expect(statSync(join(dataDir, name)).mode & 0o777).toBe(0o600);
  });

  it('loses nothing it acknowledged to kill -9', async () => {
    const first = await start();
    const answers = await Promise.all(Array.from({ length: 200 }, () => tap(first.port)));
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');
    const second = await start();
    await control(second, '/local/flush');
    expect((await clickIds()).toSorted()).toEqual(answers.map(({ headers }) => clickIdOf(headers.location)).toSorted());
    expect(second.ready.token).toBe(first.ready.token);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'delivers what is buffered on %s, also where it comes twice, and exits 0',
    async (signal) => {
      const started = await start();
      const { headers } = await tap(started.port);
      started.child.kill(signal);
      started.child.kill(signal);
      const [code] = await once(started.child, 'exit');
      expect(code).toBe(0);
      expect(await clickIds()).toEqual([clickIdOf(headers.location)]);
    },
  );

  it('writes a click that no stream took to standard output, whole', async () => {
    const started = await start();
    await control(started, '/local/fault', { target: 'firehose', mode: 'error' });
    const { headers } = await tap(started.port);
    await expect.poll(started.text).toContain('click_not_stored');
    const line =
      started
        .text()
        .split('\n')
        .find((text) => text.includes('click_not_stored')) ?? '';
    expect(JSON.parse(line)).toMatchObject({ click_id: clickIdOf(headers.location), code: 'hello' });
  });
});

describe('npm start that cannot', () => {
  it.each(['ONEHOP_PORT', 'ONEHOP_API_PORT'])(
    'says which setting to change where the port of %s is taken',
    async (setting) => {
      const server = createServer();
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      const port = String((server.address() as AddressInfo).port);
      const { code, text } = await failed({ [setting]: port });
      server.close();
      expect(code).toBe(1);
      expect(text).toBe(
        `onehop: port ${port} is taken: end the program that uses it, or set ${setting} to another port\n`,
      );
    },
  );

  it('says that another one works in the folder', async () => {
    await start();
    const { code, text } = await failed({});
    expect(code).toBe(1);
    expect(text).toBe(
      `onehop: another onehop already works in ${dataDir}: stop it, or set ONEHOP_DATA to another folder\n`,
    );
  });

  it('names every setting that is no good', async () => {
    const { code, text } = await failed({ ONEHOP_PORT: 'abc', ONEHOP_API_PORT: '70000' });
    expect(code).toBe(1);
    expect(text).toMatch(/^onehop: ONEHOP_PORT: .*; ONEHOP_API_PORT: .*\n$/);
  });

  it('says its settings where it is asked for help, and takes no other argument', async () => {
    const help = await failed({}, ['--help']);
    expect(help.code).toBe(0);
    for (const name of ['ONEHOP_PORT', 'ONEHOP_API_PORT', 'ONEHOP_DATA']) expect(help.text).toContain(name);
    expect(await failed({}, ['--prot'])).toMatchObject({ code: 1, text: expect.stringContaining('--help') });
  });
});
