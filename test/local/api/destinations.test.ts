import { describe, expect, it } from 'vitest';
import type { DestinationOutcome, DestinationReport } from '../../../lambdas/core/destination/report.ts';
import { localChecks } from '../../../local/api/destinations.ts';

const found = (outcome: DestinationOutcome): DestinationReport => ({ outcome, message: outcome, hops: [] });

/** Checks over a network that says this, and how often it was asked. */
function over(answer: () => Promise<DestinationReport>) {
  const clock = { now: 0 };
  let asked = 0;
  const checks = localChecks(
    () => clock.now,
    () => {
      asked += 1;
      return answer();
    },
  );
  return { checks, clock, asked: () => asked };
}

describe('checks of the local mode', () => {
  it('are quiet beside a save and leave a silent network alone for a minute', async () => {
    const { checks, clock, asked } = over(async () => found('no_such_host'));
    expect(await checks.glance('https://x.example/')).toBeNull();
    expect(await checks.glance('https://y.example/')).toBeNull();
    expect(asked()).toBe(1);
    clock.now = 60_000;
    await checks.glance('https://x.example/');
    expect(asked()).toBe(2);
  });

  it('do not keep a save waiting for a network that swallows packets', async () => {
    const { checks, asked } = over(() => new Promise(() => {}));
    expect(await checks.glance('https://x.example/')).toBeNull();
    expect(await checks.glance('https://x.example/')).toBeNull();
    expect(asked()).toBe(1);
  });

  it('tell everything on demand, and what is certain always', async () => {
    const offline = over(async () => found('unchecked'));
    expect(await offline.checks.check('https://x.example/')).toEqual(found('unchecked'));
    for (const outcome of ['error_status', 'not_public', 'bad_port', 'ok'] as const) {
      const { checks } = over(async () => found(outcome));
      expect(await checks.glance('https://x.example/')).toEqual(found(outcome));
    }
  });
});
