import { z } from 'zod';
import { FAULT_MODES, FAULT_TARGETS } from '../faults.ts';

/** What the control calls take; an unknown field is a fault. */
export const clockInput = z.union(
  [
    z.strictObject({ now: z.union([z.string(), z.number()]) }),
    z.strictObject({ advance_ms: z.number() }),
    z.strictObject({ real: z.literal(true) }),
  ],
  { error: 'send {"now": "<RFC 3339 time>"}, {"advance_ms": <milliseconds>} or {"real": true}' },
);

export const faultInput = z.strictObject({
  target: z.enum(FAULT_TARGETS),
  mode: z.enum(FAULT_MODES),
  rate: z.number().min(0).max(1).default(1),
});

export const flushInput = z.strictObject({}).optional();
