import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { GetSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { adoptOf } from '../../bin/kept.ts';
import { createToken } from '../../lambdas/adapters/token-store.ts';
import { clickColumns } from '../../lambdas/contract/clicks.ts';
import { clickStreamName } from '../../lambdas/contract/edge-config.ts';
import { linksKey } from '../../lambdas/contract/keys.ts';
import { SCOPES } from '../../lambdas/core/entities/token.ts';
import { callApi } from './api-calls.ts';
import { putTap, putText, queryLake, tap, waitForKeys } from './clicks.ts';
import { type Clients, createClients } from './clients.ts';
import { mintAndConvert } from './conversions.ts';
import type { Emulator } from './ministack.ts';
import { bootstrap, deploy, deployedStack, destroy, type Outputs } from './stack.ts';

type Say = (done: string) => void;

interface Link {
  readonly slug: string;
  readonly token: string;
}

/** Deploy, use, destroy, deploy again: everything the emulator can show of a deployment. */
export async function scenario(emulator: Emulator, say: Say): Promise<void> {
  const clients = createClients(emulator);
  bootstrap(emulator);
  const first = await deploy(emulator);
  say('deployed');
  const link = await makeLink(emulator, clients, first);
  say('a link made over the API stands in the deployed table');
  await mintAndConvert(emulator, first, link.token);
  say('a list is minted, and an order passes queue and ledger, with the rights of the deployed functions');
  await deliverClicks(clients, first);
  say('taps reach the lake as Parquet of the right types');
  const keys = await secretOf(clients, first.EdgeSecretArn);
  const stack = await deployedStack(emulator);
  assert.ok(stack);
  await destroy(emulator);
  say('destroyed');
  const adopt = adoptOf(stack);
  const second = await deploy(emulator, { adopt });
  say('deployed again, with what was kept');
  await findEverything(emulator, clients, second, { link, keys, first });
  say('link, token, keys and clicks are those of before');
  await missRight(emulator, await deploy(emulator, { adopt, revoke: 'dynamodb:PutItem' }), link);
  say('a right that is taken away is missed: policies are enforced');
}

async function makeLink(emulator: Emulator, clients: Clients, outputs: Outputs): Promise<Link> {
  const { token } = await createToken(
    clients.table(outputs.LedgerTableName),
    { name: 'test', scopes: [...SCOPES] },
    Date.now(),
    randomBytes,
  );
  const body = { slug: 'sale', destination: 'https://shop.example/sale?utm_source=sms' };
  const answer = await callApi(emulator, outputs.ApiUrl, { method: 'POST', path: '/v1/links', token, body });
  assert.equal(answer.status, 201, JSON.stringify(answer.body));
  const item = await clients.table(outputs.LinksTableName).get(linksKey.slug('default', 'sale'));
  assert.equal((item?.doc as { destination: string } | undefined)?.destination, body.destination);
  return { slug: 'sale', token };
}

/** The emulator throws away what the processor refuses, where Firehose keeps it: tests of local mode show that part. */
async function deliverClicks(clients: Clients, outputs: Outputs): Promise<void> {
  const stream = clickStreamName(outputs.StreamBase, 0);
  await putText(clients, stream, 'no record of ours\n');
  await putTap(clients, stream, tap('a'.repeat(32)));
  await putTap(clients, stream, tap('b'.repeat(32), { user_agent: 'curl/8.7.1' }));
  const keys = await waitForKeys(clients, outputs.BucketName, 'clicks/', 2);
  for (const key of keys) assert.match(key, /^clicks\/dt=\d{4}-\d{2}-\d{2}\/[^/]+$/);
  await checkTypes(clients, outputs.BucketName, keys);
  await checkRows(clients, outputs.BucketName, keys);
}

const DUCKDB_TYPES: Readonly<Record<string, string>> = {
  string: 'VARCHAR',
  bigint: 'BIGINT',
  double: 'DOUBLE',
  boolean: 'BOOLEAN',
  'array<string>': 'VARCHAR[]',
};

async function checkTypes(clients: Clients, bucket: string, keys: readonly string[]): Promise<void> {
  const rows = await queryLake(
    clients,
    bucket,
    keys,
    'select column_name, column_type from (describe select * from clicks)',
  );
  const types = new Map(rows.map((row) => [row.column_name, row.column_type]));
  for (const { name, type } of clickColumns) assert.equal(types.get(name), DUCKDB_TYPES[type], name);
}

async function checkRows(clients: Clients, bucket: string, keys: readonly string[]): Promise<void> {
  const sql = 'select click_id, link_no, lookup_ms, device, actor, reasons, recovered from clicks order by click_id';
  const [human, bot] = await queryLake(clients, bucket, keys, sql);
  assert.deepEqual(human, {
    click_id: 'a'.repeat(32),
    link_no: 4_194_304,
    lookup_ms: 1.5,
    device: 'mobile',
    actor: 'human',
    reasons: [],
    recovered: false,
  });
  assert.equal(bot?.actor, 'bot');
  assert.ok(Array.isArray(bot?.reasons) && bot.reasons.length > 0);
}

/** The emulator ignores which characters a secret may have, so only the form and the length are checked here. */
async function secretOf(clients: Clients, arn: string): Promise<string> {
  const { SecretString = '' } = await clients.secrets.send(new GetSecretValueCommand({ SecretId: arn }));
  const keys = JSON.parse(SecretString) as Record<string, string>;
  assert.deepEqual(
    Object.entries(keys).map(([name, key]) => [name, key.length]),
    [['key_1', 64]],
  );
  return SecretString;
}

async function findEverything(
  emulator: Emulator,
  clients: Clients,
  outputs: Outputs,
  before: { readonly link: Link; readonly keys: string; readonly first: Outputs },
): Promise<void> {
  const { link, keys, first } = before;
  assert.equal(outputs.LinksTableName, first.LinksTableName);
  assert.equal(outputs.BucketName, first.BucketName);
  const answer = await callApi(emulator, outputs.ApiUrl, { method: 'GET', path: '/v1/links', token: link.token });
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  const slugs = (answer.body as { links: { slug: string | null }[] }).links.map(({ slug }) => slug);
  assert.ok(slugs.includes(link.slug), slugs.join());
  assert.equal(await secretOf(clients, outputs.EdgeSecretArn), keys);
  await putTap(clients, clickStreamName(outputs.StreamBase, 0), tap('c'.repeat(32)));
  assert.equal((await waitForKeys(clients, outputs.BucketName, 'clicks/', 3)).length, 3);
}

async function missRight(emulator: Emulator, outputs: Outputs, { token }: Link): Promise<void> {
  const body = { slug: 'other', destination: 'https://shop.example/' };
  const answer = await callApi(emulator, outputs.ApiUrl, { method: 'POST', path: '/v1/links', token, body });
  assert.ok(answer.status >= 500, `expected a failure, got ${answer.status} ${JSON.stringify(answer.body)}`);
}
