import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildEdgeBundle, EDGE_BUNDLE_BUDGET } from '../../lib/constructs/edge-bundle.ts';
import { startEdgeInstance } from '../../local/edge/instance.ts';
import { bundleText, startEdge } from './harness.ts';

describe('the built edge bundle', () => {
  it('stays far under its budget', () => {
    expect(bundleText.length).toBeGreaterThan(10_000);
    expect(bundleText.length).toBeLessThan(EDGE_BUNDLE_BUDGET / 4);
  });

  it('reads no environment but what Lambda itself sets', () => {
    const read = [...bundleText.matchAll(/\bAWS_[A-Z_]+|ONEHOP_[A-Z_]+/g)].map(([name]) => name);
    expect([...new Set(read)].sort()).toEqual([
      'AWS_ACCESS_KEY_ID',
      'AWS_REGION',
      'AWS_SECRET_ACCESS_KEY',
      'AWS_SESSION_TOKEN',
    ]);
  });

  it('holds neither schemas nor the SDK nor anything local', () => {
    for (const stranger of ['ZodError', 'middlewareStack', 'sim-', 'localhost'])
      expect(bundleText).not.toContain(stranger);
  });

  it('refuses region names that are still CDK tokens', () => {
    const outfile = join(mkdtempSync(join(tmpdir(), 'onehop-')), 'x.js');
    const warmRegions = { tables: [`\${Token[AWS.Region.4]}`], streams: [] };
    expect(() => buildEdgeBundle({ outfile, warmRegions })).toThrow(/literal region names/);
    expect(existsSync(outfile)).toBe(false);
  });

  it('opens connections to the nearest regions while it starts, before any event', () => {
    const outfile = join(mkdtempSync(join(tmpdir(), 'onehop-')), 'x.js');
    buildEdgeBundle({ outfile, warmRegions: { tables: ['us-east-1', 'eu-west-1'], streams: ['us-east-1'] } });
    const opened: string[] = [];
    const socket = { once: () => socket };
    const connect = ({ host }: { host: string }) => {
      opened.push(host);
      return socket;
    };
    startEdgeInstance({
      code: readFileSync(outfile, 'utf8'),
      region: 'eu-central-1',
      credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
      write: () => {},
      now: () => 0,
      modules: { tls: { connect } },
    });
    expect(opened).toEqual([
      'dynamodb.eu-west-1.amazonaws.com',
      'secretsmanager.eu-west-1.amazonaws.com',
      'firehose.us-east-1.amazonaws.com',
    ]);
  });

  it('reads keys beside the first lookup and again only later', async () => {
    const edge = await startEdge();
    edge.link('x', { destination: 'https://shop.example/' });
    await Promise.all([edge.tap(), edge.tap()]);
    await edge.tap();
    expect(edge.aws.calls.filter(({ target }) => target.startsWith('secretsmanager'))).toHaveLength(1);
    await edge.close();
  });
});
