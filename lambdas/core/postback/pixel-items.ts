import type { Item } from './interpret.ts';

/** Items of a message that came as a picture: anybody can ask for one, so it may report a sale and take nothing back. */
export function salesOnly(item: Item): Item {
  if (item.outcome !== 'conversion') return item;
  const { entry, status } = item.conversion;
  if (entry === 'sale' && status !== 'rejected' && status !== 'reversed') return item;
  const { part, readings, notes } = item;
  return { part, readings, notes, outcome: 'quarantined', faults: [{ code: 'pixel_takes_back', parameter: null }] };
}
