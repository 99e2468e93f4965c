import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { stackOutputs } from '../../lambdas/contract/outputs.ts';
import type { FakeSecret } from './fake-secrets.ts';

/** An account with one deployed stack: CloudFormation tells its outputs (each `the-<name>`), Secrets Manager keeps its edge secret. */
export async function startFakeStage(secret: FakeSecret) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString();
    const target = request.headers['x-amz-target'];
    if (target === undefined) return void response.writeHead(200, { 'content-type': 'text/xml' }).end(stacks());
    const { status = 200, body } = secret.reply({
      target: String(target),
      headers: request.headers,
      body: JSON.parse(text),
    });
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    env: {
      AWS_ENDPOINT_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      AWS_ACCESS_KEY_ID: 'a',
      AWS_SECRET_ACCESS_KEY: 'b',
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function stacks(): string {
  const outputs = stackOutputs.map(
    (name) => `<member><OutputKey>${name}</OutputKey><OutputValue>the-${name}</OutputValue></member>`,
  );
  return `<DescribeStacksResponse xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><DescribeStacksResult><Stacks><member>
<StackName>Onehop-prod</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus>
<Outputs>${outputs.join('')}</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>`;
}
