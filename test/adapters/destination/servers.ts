import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import type { Endpoint } from '../../../lambdas/adapters/destination/ask.ts';

/** A server on this machine that stands where a public address would be. */
export interface Standing {
  readonly port: number;
  readonly seen: { readonly method: string; readonly url: string; readonly headers: IncomingMessage['headers'] }[];
  close(): Promise<void>;
}

export async function stand(answer: RequestListener, tls?: { key: string; cert: string }): Promise<Standing> {
  const seen: Standing['seen'] = [];
  const listener: RequestListener = (request, response) => {
    seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers });
    answer(request, response);
  };
  const server: Server = tls ? createTlsServer(tls, listener) : createServer(listener);
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    seen,
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Puts servers in the place of addresses, and keeps what was dialled. */
export function dialling(servers: Readonly<Record<string, Standing>>) {
  const dialled: string[] = [];
  const dial = ({ address, port }: Endpoint): Endpoint => {
    dialled.push(`${address} ${port}`);
    return { address: '127.0.0.1', port: servers[`${address} ${port}`]?.port ?? 1 };
  };
  return { dialled, dial };
}
