import type { CanonicalConversion } from '../postback/conversion.ts';
import { isAwaitingSale, type Transition } from './apply.ts';
import type { ConversionState } from './state.ts';

/** Whether a message may make no conversion that is not known yet: a network's report of a click too old. */
export const isTooOld = ({ click_too_old, kind, entry }: CanonicalConversion): boolean =>
  click_too_old && kind === 'network' && entry === 'sale';

/**
 * What a message does, judged by the age of its click as well: a network's report that would make a conversion is quarantined where
 * the click was too old; what changes one that is known counts however late it comes, and what takes back waits for its sale as ever.
 */
export function judgedByAge(
  transition: Transition,
  before: ConversionState | null,
  conversion: CanonicalConversion,
): Transition {
  const isNew = before === null || isAwaitingSale(before) || transition.reason === 'another_sale';
  if (!isTooOld(conversion) || !isNew) return transition;
  return { ...transition, entries: [], outcome: 'quarantined', reason: 'click_too_old', changed: false };
}
