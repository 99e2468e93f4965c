/** Something a person can act on; printed as it is, without a trace. */
export class CliError extends Error {
  override readonly name = 'CliError';
  /** Further lines, such as the faults of an input. */
  readonly details: readonly string[];

  constructor(message: string, details: readonly string[] = []) {
    super(message);
    this.details = details;
  }
}
