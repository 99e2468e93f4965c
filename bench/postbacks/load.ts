import { Agent, get } from 'node:http';

/** What came of a number of requests. */
export interface Sent {
  /** Requests answered with 200. */
  readonly accepted: number;
  readonly seconds: number;
}

/** Sends each request once over a fixed number of kept connections; each is awaited. @throws Error where a connection breaks */
export async function sendAll(urls: readonly string[], connections: number): Promise<Sent> {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const began = performance.now();
  let accepted = 0;
  let next = 0;
  const worker = async () => {
    for (let url = urls[next++]; url !== undefined; url = urls[next++])
      if ((await statusOf(url, agent)) === 200) accepted++;
  };
  try {
    await Promise.all(Array.from({ length: connections }, worker));
    return { accepted, seconds: (performance.now() - began) / 1_000 };
  } finally {
    agent.destroy();
  }
}

function statusOf(url: string, agent: Agent): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get(url, { agent }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
    }).on('error', reject);
  });
}
