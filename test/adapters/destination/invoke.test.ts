import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { LambdaClient } from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { invokedChecks } from '../../../lambdas/adapters/destination/invoke.ts';

/** Lambda's protocol over HTTP, with an answer that each test chooses. */
let answer: { readonly status?: number; readonly error?: string; readonly body: string };
const asked: { path: string; body: string }[] = [];
const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  asked.push({ path: request.url ?? '', body });
  const headers = { 'content-type': 'application/json', ...(answer.error && { 'x-amz-function-error': answer.error }) };
  response.writeHead(answer.status ?? 200, headers).end(answer.body);
});
let client: LambdaClient;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = new LambdaClient({
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
    maxAttempts: 1,
  });
});
afterAll(() => {
  client.destroy();
  server.close();
});

describe('checks by the function', () => {
  it('hand over the URL and give back what it found', async () => {
    const report = { outcome: 'error_status', message: 'answers with 404', hops: [] };
    answer = { body: JSON.stringify(report) };
    const checks = invokedChecks(client, 'check-it');
    expect(await checks.check('https://x.example/')).toEqual(report);
    expect(await checks.glance('https://x.example/')).toEqual(report);
    expect(asked[0]).toEqual({
      path: '/2015-03-31/functions/check-it/invocations',
      body: '{"url":"https://x.example/"}',
    });
  });

  it('never stand in the way', async () => {
    const { check } = invokedChecks(client, 'check-it');
    answer = { error: 'Unhandled', body: '{"errorMessage":"x"}' };
    expect((await check('https://x.example/')).outcome).toBe('unchecked');
    answer = { status: 403, body: '{}' };
    expect((await check('https://x.example/')).outcome).toBe('unchecked');
  });
});
