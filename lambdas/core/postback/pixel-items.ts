import type { Item } from './interpret.ts';

/**
 * Items of a message that came as a picture: anybody can ask for one, so it may report a sale and take nothing back. A rebill happens
 * where no page is shown.
 */
export function salesOnly(item: Item): Item {
  if (item.outcome !== 'conversion') return item;
  const { entry, status, event } = item.conversion;
  const takesBack = entry !== 'sale' || status === 'rejected' || status === 'reversed';
  if (!takesBack && event !== 'rebill') return { ...item, conversion: { ...item.conversion, by_pixel: true } };
  const { part, readings, notes } = item;
  const code = takesBack ? 'pixel_takes_back' : 'pixel_rebills';
  return { part, readings, notes, outcome: 'quarantined', faults: [{ code, parameter: null }] };
}
