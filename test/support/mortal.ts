import type { AttributionServices } from '../../lambdas/adapters/attribution/services.ts';

/** The worker was killed: nothing it calls answers any more. */
export class KilledError extends Error {
  override readonly name = 'KilledError';
}

/**
 * Services of a worker that is killed at one of its calls to the outside: before it, or after it took effect but before the answer
 * came. What is under way at that moment goes through or not, as it happens; nothing is called afterwards.
 */
export function mortal(services: AttributionServices, diesAt: number, when: 'before' | 'after') {
  const life = { calls: 0, isDead: false };
  const guarded = <T extends object>(target: T): T =>
    new Proxy(target, {
      get: (of, name) => {
        const member = Reflect.get(of, name, of);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          if (life.isDead) throw new KilledError('killed');
          const isLast = life.calls++ === diesAt;
          if (isLast) life.isDead = true;
          if (isLast && when === 'before') throw new KilledError('killed');
          const answer = await member.apply(of, args);
          if (life.isDead) throw new KilledError('killed');
          return answer;
        };
      },
    });
  return {
    life,
    services: {
      ...services,
      linksTable: guarded(services.linksTable),
      ledgerTable: guarded(services.ledgerTable),
      streams: guarded(services.streams),
      blobs: guarded(services.blobs),
    },
  };
}
