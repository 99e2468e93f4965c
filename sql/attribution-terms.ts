/** Models whose credits follow from the touches of one conversion alone. */
export const RULE_MODELS = ['last', 'first', 'linear', 'position', 'time_decay'] as const;

/** Models that are computed from all paths at once. */
export const DATA_MODELS = ['markov', 'shapley'] as const;

/** Verdicts a click may have. */
export const ACTORS = ['human', 'suspect', 'bot'] as const;

/** How touches are credited: what a request asks for. */
export interface AttributionChoice {
  readonly model: string;
  /** One window for all touches, such as `7d`; null: each touch has its campaign's own, else its offer's, else the account's. */
  readonly window: string | null;
  /** Time in which a touch loses half its weight under `time_decay`, such as `7d`. */
  readonly half_life: string;
  /** Verdicts of the clicks that count. */
  readonly actors: readonly string[];
  /** The ledger as it was known at this moment, epoch ms; null: as it is known now. */
  readonly as_of: number | null;
  /** Data-driven models: leave out paths without a conversion whose window is still open. */
  readonly mature: boolean;
}

/** What the account's settings, campaigns and offers say about attribution; windows as in {@link AttributionChoice}. */
export interface AttributionRules {
  readonly currency: string;
  readonly window: string;
  readonly campaign_windows: Readonly<Record<string, string>>;
  readonly offer_windows: Readonly<Record<string, string>>;
  /** Events that count as a conversion. */
  readonly events: readonly string[];
  readonly campaign_events: Readonly<Record<string, readonly string[]>>;
  /** True where any campaign gives promo codes out: only then is it looked for messages that carried them. */
  readonly promo_codes: boolean;
}

/** What an attribution report works under. */
export interface AttributionTerms {
  readonly choice: AttributionChoice;
  readonly rules: AttributionRules;
}
