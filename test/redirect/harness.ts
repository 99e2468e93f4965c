import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { marshall } from '@aws-sdk/util-dynamodb';
import type { CloudFrontRequestEvent, CloudFrontResultResponse } from 'aws-lambda';
import type { TapRecord } from '../../lambdas/contract/clicks.ts';
import { EDGE_CONFIG_HEADER, type EdgeConfig } from '../../lambdas/contract/edge-config.ts';
import { linksKey, type MintedState } from '../../lambdas/contract/keys.ts';
import { campaignInput } from '../../lambdas/core/entities/campaign.ts';
import { linkInput } from '../../lambdas/core/entities/link.ts';
import { offerInput } from '../../lambdas/core/entities/offer.ts';
import { buildEdgeBundle } from '../../lib/constructs/edge-bundle.ts';
import { type EdgeHandler, startEdgeInstance } from '../../local/edge/instance.ts';
import { type Call, type FakeAws, type Reply, startFakeAws } from '../adapters/edge/fake-aws.ts';

const outfile = join(mkdtempSync(join(tmpdir(), 'onehop-edge-')), 'index.js');
buildEdgeBundle({ outfile });
export const bundleText = readFileSync(outfile, 'utf8');

export const SECRET = JSON.stringify({ key_1: 'a'.repeat(64) });
export const NOW = Date.parse('2026-06-01T12:00:00Z');

export interface Tap {
  readonly path?: string;
  readonly query?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly requestId?: string;
  readonly config?: Partial<EdgeConfig>;
  /** What CloudFront calls the origin. @default 'custom' */
  readonly originKind?: 'custom' | 's3';
}

/** The built bundle in a bare context, over AWS services whose content, speed and health the test sets. */
export async function startEdge() {
  const aws: FakeAws = await startFakeAws();
  const items = new Map<string, Record<string, unknown>>();
  const state = { now: NOW, items, failing: new Set<string>(), output: [] as string[], requests: 0, secret: SECRET };
  aws.reply = (call) =>
    state.failing.has(serviceOf(call)) ? { status: 500, body: {} } : reply(call, items, state.secret);
  const instance = (): EdgeHandler =>
    startEdgeInstance({
      code: bundleText,
      region: 'us-east-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      write: (text) => state.output.push(text),
      now: () => state.now,
    });
  let handler = instance();
  const config: EdgeConfig = {
    domain: 'go.brand.com',
    linksTable: 'links',
    tableRegions: ['us-east-1'],
    edgeSecret: 'edge',
    streamBase: 'clicks',
    streamShards: { 'us-east-1': 1 },
    ipPolicy: 'hash',
    readMs: 400,
    endpoints: { dynamodb: aws.origin, firehose: aws.origin, secretsmanager: aws.origin },
  };
  const tap = (request: Tap = {}): Promise<CloudFrontResultResponse> =>
    handler(toEvent({ requestId: `request-${state.requests++}`, ...request }, { ...config, ...request.config }));
  return {
    aws,
    state,
    tap,
    /** Begins a new, cold instance. */
    restart: () => {
      handler = instance();
    },
    location: async (request?: Tap) => (await tap(request)).headers?.location?.[0]?.value ?? null,
    /** Reads of the key secret. */
    keyReads: () => aws.calls.filter((call) => serviceOf(call) === 'secretsmanager').length,
    /** Keys that each read of the links table asked for. */
    keysRead: () => aws.calls.filter(({ target }) => target.endsWith('BatchGetItem')).map(keysOf),
    /** Records that reached the stream. */
    clicks: (): TapRecord[] => aws.calls.filter((call) => serviceOf(call) === 'firehose').map(recordOf),
    reads: () =>
      aws.calls.filter((call) => serviceOf(call) === 'dynamodb' && call.target.endsWith('BatchGetItem')).length,
    close: () => aws.close(),
    link: (slug: string, fields: object, domain = 'default') => {
      const link = { ...linkInput.parse({ slug, ...fields }), link_no: 4_194_304 + items.size };
      items.set(linksKey.slug(domain, slug), { doc: link });
      return link;
    },
    offer: (id: string, fields: object, state: object = {}) =>
      items.set(linksKey.offer(id), {
        doc: { ...offerInput.parse({ destination: `https://${id}.example/`, ...fields }), id },
        ...state,
      }),
    campaign: (id: string, fields: object, state: object = {}) =>
      items.set(linksKey.campaign(id), { doc: { ...campaignInput.parse(fields), id }, ...state }),
    personalLink: (linkNo: number, fields: object, minted?: MintedState) =>
      items.set(linksKey.link(linkNo), {
        doc: { ...linkInput.parse({ personal: true, ...fields }), link_no: linkNo },
        ...(minted && { minted }),
      }),
  };
}

const serviceOf = ({ target }: Call) => (/^(DynamoDB|Firehose|secretsmanager)/.exec(target)?.[1] ?? '').toLowerCase();
const recordOf = ({ body }: Call): TapRecord =>
  JSON.parse(Buffer.from((body.Record as { Data: string }).Data, 'base64').toString());

const keysOf = ({ body }: Call): string[] =>
  (body.RequestItems as { links: { Keys: { pk: { S: string } }[] } }).links.Keys.map(({ pk }) => pk.S);

function reply(call: Call, items: Map<string, Record<string, unknown>>, secret: string): Reply {
  if (serviceOf(call) === 'secretsmanager') return { body: { SecretString: secret } };
  if (serviceOf(call) === 'firehose') return { body: { RecordId: '1' } };
  if (call.target.endsWith('UpdateItem')) {
    const pk = (call.body.Key as { pk: { S: string } }).pk.S;
    const taps = Number(items.get(pk)?.taps ?? 0) + 1;
    items.set(pk, { taps });
    return { body: { Attributes: { taps: { N: String(taps) } } } };
  }
  const found = keysOf(call).flatMap((pk) =>
    items.has(pk) ? [marshall({ pk, ...items.get(pk) }, { removeUndefinedValues: true })] : [],
  );
  return { body: { Responses: { links: found } } };
}

function toEvent(
  { path = '/x', query = '', method = 'GET', headers = {}, requestId = '', originKind = 'custom' }: Tap,
  config: EdgeConfig,
): CloudFrontRequestEvent {
  const all = {
    host: 'go.brand.com',
    'user-agent': 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X)',
    ...headers,
  };
  const customHeaders = { [EDGE_CONFIG_HEADER]: [{ key: EDGE_CONFIG_HEADER, value: JSON.stringify(config) }] };
  return {
    Records: [
      {
        cf: {
          config: {
            distributionDomainName: 'd.cloudfront.net',
            distributionId: 'E',
            eventType: 'origin-request',
            requestId,
          },
          request: {
            clientIp: '203.0.113.9',
            method,
            uri: path,
            querystring: query,
            headers: Object.fromEntries(Object.entries(all).map(([key, value]) => [key, [{ key, value }]])),
            origin: { [originKind]: { customHeaders } },
          },
        },
      },
    ],
  } as unknown as CloudFrontRequestEvent;
}
