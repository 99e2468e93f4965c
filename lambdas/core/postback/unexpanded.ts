/**
 * Whether a value is a macro that nobody filled in: `{payout}` and `{{payout}}` anywhere, also percent-encoded once too often, `[payout]`,
 * `#payout#`, `<payout>`, `$payout$` or `%payout%` as a whole, and the words that stand in templates to be replaced.
 */
export function isUnexpanded(value: string): boolean {
  return (
    /\{[^{}]*\}|%7B/i.test(value) ||
    /^(\[[^\]]*\]|#[^#]+#|<[^>]+>|\$[A-Za-z_]\w*\$?|%[A-Za-z_]\w*%|REPLACE|OPTIONAL)$/.test(value)
  );
}
