import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { KeyFile } from '../../cli/keys/key-file.ts';
import { StageSecret } from '../../cli/keys/stage-secret.ts';
import { KEY_REFRESH_MS } from '../../lambdas/adapters/edge/key-store.ts';
import { linksKey } from '../../lambdas/contract/keys.ts';
import { parseKeyring } from '../../lambdas/core/keyring.ts';
import { mintCode } from '../../lambdas/core/personal-code.ts';
import { type FakeAws, startFakeAws } from '../adapters/edge/fake-aws.ts';
import { callApi, tap, temporaryFolder } from '../local/testing.ts';
import { FakeSecret } from '../support/fake-secrets.ts';
import { startFakeStage } from '../support/fake-stage.ts';
import { startLocal } from './local.ts';
import { runOnehop } from './run.ts';

const FIRST = JSON.stringify({ key_1: 'a'.repeat(64) });
const addTo = (secret: string, name: string) => ({ secret: JSON.stringify({ ...JSON.parse(secret), [name]: name }) });

describe('keys on a local system', () => {
  let local: Awaited<ReturnType<typeof startLocal>>;
  beforeAll(async () => {
    local = await startLocal();
  });
  afterAll(() => local.close());

  const keysFile = () => join(local.system.dataDir, 'keys.json');
  const edgeKeys = () => JSON.parse(readFileSync(keysFile(), 'utf8')).edge as Record<string, string>;

  it('are listed, rotated and retired, and the edge follows', async () => {
    const { system, onehop, json } = local;
    const { body: link } = await callApi(system, 'POST', '/v1/links', {
      personal: true,
      destination: 'https://shop.example/',
    });
    const linkNo = Number(link.link_no);
    const codeUnder = (keyId: number) => {
      const key = parseKeyring(JSON.stringify(edgeKeys())).byId.get(keyId);
      return key ? `/${mintCode({ linkNo, subscriberNo: 5 }, key)}` : '';
    };
    const minted = (code_key: number) =>
      system.linksTable.update(linksKey.link(linkNo), { set: { minted: { code_key, subscriber_max: 9 } } });
    await minted(1);
    const oldCode = codeUnder(1);
    expect((await tap(system, oldCode)).status).toBe(302);

    expect(await json('keys', 'list')).toMatchObject([{ id: 1, state: 'minting', mints_from: null }]);
    const rotated = await json('keys', 'rotate');
    expect(rotated).toMatchObject([
      { id: 1, state: 'minting' },
      { id: 2, state: 'next' },
    ]);
    expect((await onehop(['keys', 'rotate'])).err).toContain('wait until then');
    expect(statSync(keysFile()).mode & 0o777).toBe(0o600);
    expect(readdirSync(system.dataDir).filter((name) => name.startsWith('keys.json'))).toEqual(['keys.json']);

    system.clock.set({ now: Date.parse(rotated[1].mints_from) + KEY_REFRESH_MS });
    await tap(system, oldCode);
    expect((await tap(system, oldCode)).status).toBe(302);
    await minted(2);
    system.clock.set({ advance_ms: 30_000 });
    expect((await tap(system, codeUnder(2))).status).toBe(302);
    expect((await tap(system, oldCode)).status).toBe(404);
  });

  it('are retired only where somebody who read what it breaks says so', async () => {
    const { system, onehop } = local;
    const content = JSON.parse(readFileSync(keysFile(), 'utf8'));
    const edge = { key_1: 'a'.repeat(64), key_2: 'b'.repeat(64), key_2_from: '2026-01-01T00:00:00Z' };
    writeFileSync(keysFile(), JSON.stringify({ ...content, edge }));
    await callApi(system, 'PUT', '/v1/campaigns/spring', {});
    await system.linksTable.update(linksKey.campaign('spring'), { set: { promo_state: { no: 1, key: 1 } } });
    const { body: link } = await callApi(system, 'POST', '/v1/links', {
      personal: true,
      destination: 'https://b.example/',
    });
    const minted = { code_key: 1, subscriber_max: 3 };
    await system.linksTable.update(linksKey.link(Number(link.link_no)), { set: { minted } });

    expect((await onehop(['keys', 'retire', '2', '--yes'])).err).toContain('key 2 mints');
    expect((await onehop(['keys', 'retire', 'one', '--yes'])).err).toContain('there is no key');
    const asked = await onehop(['keys', 'retire', '1']);
    expect(asked.code).toBe(1);
    expect(asked.err).toContain(`the codes of 1 personal link(s) lead to the fallback from then on: ${link.link_no}`);
    expect(asked.err).toContain('the promo codes of 1 campaign(s) can not be read any more: spring');
    expect(Object.keys(edgeKeys())).toEqual(['key_1', 'key_2', 'key_2_from']);
    expect((await onehop(['keys', 'retire', '1', '--yes'])).code).toBe(0);
    expect(Object.keys(edgeKeys())).toEqual(['key_2', 'key_2_from']);
    expect(JSON.parse(readFileSync(keysFile(), 'utf8')).home).toEqual(content.home);
  });

  it('are never printed', async () => {
    const key = Object.values(edgeKeys())[0] ?? '';
    for (const args of [['list'], ['list', '--json'], ['rotate'], ['retire', '9', '--yes']]) {
      const { out, err } = await local.onehop(['keys', ...args]);
      for (const secret of [key, ...Object.values(edgeKeys()).filter((value) => value.length === 64)])
        expect(out + err).not.toContain(secret);
    }
  });

  it('that a link’s codes are made with are shown, and may be sent back', async () => {
    const { body } = await callApi(local.system, 'GET', '/v1/links?personal=true');
    const [shown] = (body.links as Record<string, unknown>[]).slice(-1);
    expect(shown?.code_key).toBe(1);
    const { link_no, ...rest } = shown ?? {};
    expect((await callApi(local.system, 'PUT', `/v1/links/${link_no}`, rest)).body).toMatchObject({ code_key: 1 });
  });
});

describe('the key file', () => {
  const fileWith = (content: string) => {
    const file = join(temporaryFolder(), 'keys.json');
    writeFileSync(file, content, { mode: 0o600 });
    return new KeyFile(file);
  };

  it('loses no change of several at once', async () => {
    const file = fileWith(JSON.stringify({ edge: JSON.parse(FIRST), home: { key_1: 'h' } }));
    await Promise.all(['a', 'b', 'c'].map((name) => file.change((secret) => addTo(secret, name))));
    expect(Object.keys(JSON.parse(await file.read())).sort()).toEqual(['a', 'b', 'c', 'key_1']);
  });

  it('says where it looked, and quotes nothing of what it cannot read', async () => {
    await expect(new KeyFile('/nowhere/keys.json').read()).rejects.toThrow(
      /no keys at \/nowhere\/keys.json.*npm start/,
    );
    await expect(fileWith('not json, key material').read()).rejects.toThrow(/cannot be read as keys$/);
  });
});

describe('the secret of a stage', () => {
  let aws: FakeAws;
  let secret: FakeSecret;
  beforeEach(async () => {
    aws = await startFakeAws();
    secret = new FakeSecret(FIRST);
    aws.reply = secret.reply;
  });
  afterEach(() => aws.close());
  const store = () =>
    new StageSecret(
      new SecretsManagerClient({
        region: 'us-east-1',
        endpoint: aws.origin,
        credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      }),
      'arn',
    );

  it('is changed in one step, without a label left behind', async () => {
    await store().change((before) => addTo(before, 'x'));
    expect(JSON.parse(secret.current)).toEqual({ ...JSON.parse(FIRST), x: 'x' });
    expect([...secret.labels.keys()]).toEqual(['AWSCURRENT']);
  });

  it('loses no change of several at once', async () => {
    await Promise.all(['a', 'b', 'c'].map((name) => store().change((before) => addTo(before, name))));
    expect(Object.keys(JSON.parse(secret.current)).sort()).toEqual(['a', 'b', 'c', 'key_1']);
    expect([...secret.labels.keys()]).toEqual(['AWSCURRENT']);
  });

  it('is rotated by the command with the caller’s own credentials', async () => {
    const stage = await startFakeStage(secret);
    const run = (...args: string[]) =>
      runOnehop(['keys', ...args, '--stage', 'prod'], { ...process.env, ...stage.env });
    const rotated = await run('rotate', '--json');
    expect(JSON.parse(rotated.out)).toMatchObject([
      { id: 1, state: 'minting' },
      { id: 2, state: 'next' },
    ]);
    expect(Object.keys(JSON.parse(secret.current))).toEqual(['key_1', 'key_2', 'key_2_from']);
    expect(rotated.out + rotated.err).not.toContain(JSON.parse(secret.current).key_2);
    expect(await run('rotate')).toMatchObject({ code: 1, err: expect.stringContaining('wait until then') });
    await stage.close();
  });

  it('is left alone where others change it all the time', async () => {
    let others = 0;
    const overtaken = (before: string) => {
      secret.versions.set(`other-${++others}`, FIRST);
      secret.labels.set('AWSCURRENT', `other-${others}`);
      return addTo(before, 'x');
    };
    await expect(store().change(overtaken)).rejects.toThrow(/somebody else changes the keys/);
    expect(secret.current).toBe(FIRST);
  });
});
