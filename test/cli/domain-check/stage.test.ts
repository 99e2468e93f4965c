import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { dnsTargetOf } from '../../../cli/stage.ts';

/** CloudFormation's protocol over HTTP, with the outputs that a stack of ours has. */
const output = (key: string, value: string) =>
  `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`;
const server = createServer((_, response) =>
  response.writeHead(200, { 'content-type': 'text/xml' }).end(
    `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
<StackName>Onehop-prod</StackName><CreationTime>2026-06-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>
<Outputs>${output('ShortUrl', 'https://go.brand.com')}${output('DomainsgobrandcomDnsRecord1', 'go.brand.com CNAME d1.cloudfront.net')}
${output('ApiDnsRecord', 'api.brand.com CNAME d-x.execute-api.us-east-1.amazonaws.com')}</Outputs>
</member></Stacks></DescribeStacksResult></DescribeStacksResponse>`,
  ),
);
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'a');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 'b');
});
afterAll(() => {
  vi.unstubAllEnvs();
  server.close();
});

it('the outputs of a stage say where a domain has to lead', async () => {
  expect(await dnsTargetOf('prod', 'go.brand.com')).toBe('d1.cloudfront.net');
  expect(await dnsTargetOf('prod', 'two.brand.com')).toBeNull();
});
