import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import tls from 'node:tls';

/** Where a service listens, and the agent that keeps connections to it. */
export interface Endpoint {
  readonly protocol: 'http:' | 'https:';
  /** With its port where it is not the protocol's own. */
  readonly host: string;
  readonly hostname: string;
  readonly port: number;
  readonly agent: http.Agent;
}

const KEEP_ALIVE = { keepAlive: true, maxSockets: 64, maxFreeSockets: 64, scheduling: 'lifo', noDelay: true } as const;

/** The kept-alive connections of one instance, some of them opened ahead of their first request. */
export class Connections {
  readonly #warm = new Map<string, Duplex>();
  readonly #tlsAgent = this.#lendingWarmSockets(new https.Agent(KEEP_ALIVE));
  readonly #plainAgent = this.#lendingWarmSockets(new http.Agent(KEEP_ALIVE));
  readonly #endpoints = new Map<string, Endpoint>();

  endpoint(origin: string): Endpoint {
    const known = this.#endpoints.get(origin);
    if (known) return known;
    const url = new URL(origin);
    const plain = url.protocol === 'http:';
    const endpoint: Endpoint = {
      protocol: plain ? 'http:' : 'https:',
      host: url.host,
      hostname: url.hostname,
      port: Number(url.port) || (plain ? 80 : 443),
      agent: plain ? this.#plainAgent : this.#tlsAgent,
    };
    this.#endpoints.set(origin, endpoint);
    return endpoint;
  }

  /** Opens a connection now, for the first request to find; called while the instance starts. */
  warm(origin: string): void {
    const { protocol, hostname, port } = this.endpoint(origin);
    const target = { host: hostname, port, noDelay: true };
    const socket = protocol === 'http:' ? net.connect(target) : tls.connect({ ...target, servername: hostname });
    const key = `${hostname}:${port}`;
    // Without a listener a refused connection would end the process; the first request then opens its own.
    socket.once('error', () => this.#warm.delete(key));
    socket.once('close', () => this.#warm.delete(key));
    this.#warm.set(key, socket);
  }

  #lendingWarmSockets<A extends http.Agent>(agent: A): A {
    const open = agent.createConnection.bind(agent);
    agent.createConnection = (options, callback) =>
      this.#take(`${options.host}:${options.port}`) ?? open(options, callback);
    return agent;
  }

  #take(key: string): Duplex | undefined {
    const socket = this.#warm.get(key);
    this.#warm.delete(key);
    return socket?.destroyed ? undefined : socket;
  }
}
