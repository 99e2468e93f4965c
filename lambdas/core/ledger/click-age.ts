import type { CanonicalConversion } from '../postback/conversion.ts';
import { isAwaitingSale, type Transition } from './apply.ts';
import type { ConversionState } from './state.ts';

/**
 * What a message does, judged by the age of its click as well: a network's report that would make a conversion is quarantined where
 * the click was too old; what changes one that is known counts however late it comes, and what takes back waits for its sale as ever.
 */
export function judgedByAge(
  transition: Transition,
  before: ConversionState | null,
  { click_too_old, kind, entry }: CanonicalConversion,
): Transition {
  const isNew = before === null || isAwaitingSale(before) || transition.reason === 'another_sale';
  if (!click_too_old || kind !== 'network' || entry !== 'sale' || !isNew) return transition;
  return { ...transition, entries: [], outcome: 'quarantined', reason: 'click_too_old', changed: false };
}
