const NAMES = [
  'click_id',
  'campaign_id',
  'message_id',
  'creative',
  'segment',
  'offer_id',
  'partner',
  'subscriber_no',
  'promo_code',
  'domain',
  'country',
  'os',
] as const;

export type MacroName = (typeof NAMES)[number];
/** Values of the macros for one click; an absent one is empty. */
export type MacroValues = Readonly<Partial<Record<MacroName, string>>>;

/** Names that may stand in braces in a destination or parameter value. */
export const MACROS: ReadonlySet<string> = new Set(NAMES);
