import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { FAULT_TARGETS, Faults, faultAnswer, withFaults } from '../../local/faults.ts';

async function served(faults: Faults, use: (origin: string, reached: () => number) => Promise<void>): Promise<void> {
  let reached = 0;
  const server = createServer(
    withFaults('firehose', faults, (_, response) => {
      reached++;
      response.end('{}');
    }),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, () => reached);
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

describe('Faults', () => {
  it('strike the share of calls they are set for', () => {
    const draws = [0.05, 0.15, 0.09, 0.99];
    const faults = new Faults(() => draws.shift() ?? 1);
    faults.set('dynamodb', { mode: 'error', rate: 0.1 });
    expect([1, 2, 3, 4].map(() => faults.strike('dynamodb'))).toEqual(['error', null, 'error', null]);
    expect(faults.strike('firehose')).toBeNull();
  });

  it('end when they are switched off', () => {
    const faults = new Faults();
    faults.set('firehose', { mode: 'throttle', rate: 1 });
    faults.set('firehose', { mode: 'off', rate: 1 });
    expect(faults.all()).toEqual({});
    expect(faults.strike('firehose')).toBeNull();
  });

  it.each(FAULT_TARGETS)('answer 5xx, never 4xx (%s)', (target) => {
    expect(faultAnswer(target, 'error').status).toBe(500);
    expect(faultAnswer(target, 'throttle').status).toBe(503);
  });

  it('keep a call from the service', async () => {
    const faults = new Faults();
    faults.set('firehose', { mode: 'error', rate: 1 });
    await served(faults, async (origin, reached) => {
      const response = await fetch(origin, { method: 'POST', body: '{}' });
      expect(response.status).toBe(500);
      expect(reached()).toBe(0);
    });
  });

  it('drop a slow call whose caller has gone, so that nothing is stored', async () => {
    const faults = new Faults();
    faults.set('firehose', { mode: 'slow', rate: 1 });
    await served(faults, async (origin, reached) => {
      await expect(fetch(origin, { signal: AbortSignal.timeout(100) })).rejects.toThrow();
      expect((await fetch(origin)).status).toBe(200);
      expect(reached()).toBe(1);
    });
  });
});
