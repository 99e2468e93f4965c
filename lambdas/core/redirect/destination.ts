import { MACROS } from './macros.ts';

const AUTHORITY = /^https?:\/\/([^/?#]*)/i;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not pass
const UNSAFE = /[\u0000-\u0020\u007f-\u009f\u2028\u2029\\<>"`]/;

/**
 * Faults of a destination or fallback URL, each a sentence with its remedy; empty where it may be stored.
 * A visitor can only ever be sent to what passes here: http or https, a fixed host, no credentials, no control characters.
 */
export function destinationFaults(value: string): string[] {
  const faults: string[] = [];
  const unsafe = UNSAFE.test(value);
  if (unsafe)
    faults.push(
      'must not contain spaces, control characters, quotes, angle brackets or backslashes: percent-encode them',
    );
  const authority = AUTHORITY.exec(value)?.[1];
  if (authority === undefined) return [...faults, 'must begin with https:// or http://'];
  if (/[{}]/.test(authority))
    faults.push('must not have a macro in the host: macros go in path, query and fragment only');
  else if (authority.includes('@')) faults.push('must not carry a user name or password');
  else if (!unsafe && !isUrl(value)) faults.push('is not a valid URL');
  return [...faults, ...macroFaults(value)];
}

/** Faults of the macros in a text: names that are none. */
export function macroFaults(text: string): string[] {
  const names = [...text.matchAll(/\{([^{}]*)\}/g)].map(([, name = '']) => name);
  const known = [...MACROS].map((name) => `{${name}}`).join(' ');
  return names.filter((name) => !MACROS.has(name)).map((name) => `has an unknown macro {${name}}; known are ${known}`);
}

function isUrl(value: string): boolean {
  const url = URL.parse(value);
  return url !== null && url.hostname !== '';
}
