/** How a finding is to be taken: `info` needs nothing, `warn` should be looked at, `FAIL` keeps links from working. */
export type Level = 'ok' | 'info' | 'warn' | 'FAIL';

/** One line of the check of a domain. */
export interface Finding {
  readonly level: Level;
  /** What was looked at, e.g. `DNS`. */
  readonly check: string;
  readonly detail: string;
  /** What to do; absent where nothing is. */
  readonly todo?: string;
  /** The DNS record to add or change, as a zone file has it. */
  readonly record?: string;
}

/** Makes findings about one thing. */
export function about(check: string) {
  const of =
    (level: Level) =>
    (detail: string, todo?: string, record?: string): Finding => ({
      level,
      check,
      detail,
      ...(todo !== undefined && { todo }),
      ...(record !== undefined && { record }),
    });
  return { ok: of('ok'), info: of('info'), warn: of('warn'), fail: of('FAIL') };
}
