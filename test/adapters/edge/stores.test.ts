import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createAwsJson } from '../../../lambdas/adapters/edge/aws-json.ts';
import { Connections } from '../../../lambdas/adapters/edge/connections.ts';
import { KEY_REFRESH_MS, KeyStore } from '../../../lambdas/adapters/edge/key-store.ts';
import { LinksStore } from '../../../lambdas/adapters/edge/links-store.ts';
import { type Call, type FakeAws, type Reply, startFakeAws } from './fake-aws.ts';

const credentials = { accessKeyId: 'a', secretAccessKey: 'b' };
const regionOf = ({ headers }: Call) => /Credential=a\/\d+\/([\w-]+)/.exec(String(headers.authorization))?.[1];
const caller = () =>
  createAwsJson({
    connections: new Connections(),
    credentials: () => credentials,
    endpoints: { dynamodb: aws.origin, secretsmanager: aws.origin },
  });

let aws: FakeAws;
beforeEach(async () => (aws = await startFakeAws()));
afterEach(() => aws.close());

describe('links store', () => {
  const store = (region = 'us-east-1') =>
    new LinksStore({ call: caller(), table: 't', region, homeRegion: 'us-east-1', readMs: 300 });
  const keysOf = (call: Call) =>
    (call.body.RequestItems as { t: { Keys: { pk: { S: string } }[] } }).t.Keys.map(({ pk }) => pk.S);
  const found = (...keys: string[]): Reply => ({
    body: { Responses: { t: keys.map((key) => ({ pk: { S: key }, n: { N: '7' } })) } },
  });

  it('reads many keys in one call; what is not there is not in the answer', async () => {
    aws.reply = () => found('a');
    expect(await store().loadMany(['a', 'b'])).toEqual(new Map([['a', { pk: 'a', n: 7 }]]));
    expect(aws.calls.map(keysOf)).toEqual([['a', 'b']]);
  });

  it('asks again for what DynamoDB left unprocessed', async () => {
    const UnprocessedKeys = { t: { Keys: [{ pk: { S: 'b' } }] } };
    aws.reply = () =>
      aws.calls.length === 1 ? { body: { ...(found('a').body as object), UnprocessedKeys } } : found('b');
    expect([...(await store().loadMany(['a', 'b'])).keys()]).toEqual(['a', 'b']);
    expect(aws.calls.map(keysOf)).toEqual([['a', 'b'], ['b']]);
  });

  it('asks the home region where the replica fails, and fails where both do', async () => {
    aws.reply = (call) => (regionOf(call) === 'eu-west-1' ? { status: 500 } : found('a'));
    expect((await store('eu-west-1').loadMany(['a'])).size).toBe(1);
    expect(aws.calls.map(regionOf)).toEqual(['eu-west-1', 'us-east-1']);
    aws.reply = () => ({ status: 500 });
    await expect(store('eu-west-1').loadMany(['a'])).rejects.toThrow();
  });

  it('asks the home region once more where there is no other', async () => {
    aws.reply = () => (aws.calls.length === 1 ? { status: 500 } : found('a'));
    expect((await store().loadMany(['a'])).size).toBe(1);
    expect(aws.calls.map(regionOf)).toEqual(['us-east-1', 'us-east-1']);
  });

  it('counts taps in the home region and tells the new count', async () => {
    aws.reply = () => ({ body: { Attributes: { taps: { N: '12' } } } });
    expect(await store('eu-west-1').countTap('counter#taps#link#5', 300)).toBe(12);
    expect(aws.calls.map(regionOf)).toEqual(['us-east-1']);
  });
});

describe('key store', () => {
  const secret = (...ids: number[]): Reply => ({
    body: { SecretString: JSON.stringify(Object.fromEntries(ids.map((id) => [`key_${id}`, `${id}`.repeat(64)]))) },
  });
  function keys(region = 'us-east-1') {
    const state = { now: 0, errors: [] as string[] };
    const store = new KeyStore({
      call: caller(),
      secret: 's',
      region,
      homeRegion: 'us-east-1',
      readMs: 300,
      now: () => state.now,
      onError: (error) => state.errors.push(error.message),
    });
    return { store, state };
  }

  it('reads the secret once, however many taps ask', async () => {
    aws.reply = () => secret(1);
    const { store } = keys();
    const rings = await Promise.all([store.get(), store.get(), store.get()]);
    expect(new Set(rings).size).toBe(1);
    await store.get();
    expect(aws.calls).toHaveLength(1);
  });

  it('picks a rotated key up beside a later tap, without that tap waiting', async () => {
    aws.reply = () => secret(1);
    const { store, state } = keys();
    await store.get();
    aws.reply = () => ({ ...secret(1, 2), delayMs: 30 });
    state.now = KEY_REFRESH_MS;
    expect((await store.get())?.byId.size).toBe(1);
    await store.settled();
    expect((await store.get())?.byId.size).toBe(2);
  });

  it('reads ahead of time for who misses a key, who waits for it, but not soon after another read', async () => {
    aws.reply = () => secret(1);
    const { store, state } = keys();
    await store.get();
    aws.reply = () => ({ ...secret(1, 2), delayMs: 30 });
    expect((await store.renew())?.byId.size).toBe(1);
    state.now = 30_000;
    const rings = await Promise.all([store.renew(), store.renew(), store.get()]);
    expect(rings.map((ring) => ring?.byId.size)).toEqual([2, 2, 1]);
    await store.renew();
    expect(aws.calls).toHaveLength(2);
  });

  it('has no keys where none can be read, says so without a secret, and tries again later', async () => {
    aws.reply = () => ({ status: 400, body: { __type: 'AccessDeniedException' } });
    const { store, state } = keys();
    expect(await store.get()).toBeNull();
    expect(await store.get()).toBeNull();
    expect(aws.calls).toHaveLength(1);
    expect(state.errors).toEqual(['AWS call failed: AccessDeniedException']);
    aws.reply = () => secret(1);
    state.now += 5_000;
    expect((await store.get())?.byId.size).toBe(1);
  });

  it('keeps the keys it has while the secret cannot be read, and asks home where the replica fails', async () => {
    aws.reply = (call) => (regionOf(call) === 'eu-west-1' ? { status: 500 } : secret(1));
    const { store, state } = keys('eu-west-1');
    expect((await store.get())?.byId.size).toBe(1);
    aws.reply = () => ({ status: 500 });
    state.now = KEY_REFRESH_MS;
    await store.get();
    await store.settled();
    expect((await store.get())?.byId.size).toBe(1);
  });
});
