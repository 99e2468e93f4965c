import { request } from 'node:http';
import type { Emulator } from './ministack.ts';

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** Calls the deployed API: the emulator finds it by the Host header. */
export function callApi(
  { port }: Emulator,
  apiUrl: string,
  call: { readonly method: string; readonly path: string; readonly token: string; readonly body?: unknown },
): Promise<ApiAnswer> {
  const payload = call.body === undefined ? undefined : JSON.stringify(call.body);
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        host: '127.0.0.1',
        port,
        method: call.method,
        path: call.path,
        headers: {
          host: new URL(apiUrl).host,
          authorization: `Bearer ${call.token}`,
          ...(payload !== undefined && { 'content-type': 'application/json' }),
        },
      },
      (answer) => {
        const chunks: Buffer[] = [];
        answer.on('data', (chunk: Buffer) => chunks.push(chunk));
        answer.on('end', () =>
          resolve({ status: answer.statusCode ?? 0, body: parsed(Buffer.concat(chunks).toString()) }),
        );
      },
    );
    sent.on('error', reject);
    sent.end(payload);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
