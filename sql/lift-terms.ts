/** What the set-up of an experiment says about its outcome. */
export interface ExperimentTerms {
  /** How long after the assignment an outcome counts, such as `7d`. */
  readonly window: string;
  /** Events that are an outcome. */
  readonly events: readonly string[];
  /** Arm that the others are compared with. */
  readonly control: string;
  /** End of the draw, epoch ms; null: open. */
  readonly ends_at: number | null;
}

/** Experiments by id; what is not set up has the account's window and events, and the arm `holdout` for control. */
export type LiftTerms = Readonly<Record<string, ExperimentTerms>>;
