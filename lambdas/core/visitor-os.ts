/** Operating systems as rules, macros and the column `os` name them. */
export type Os = 'ios' | 'android' | 'windows' | 'macos' | 'linux' | 'chromeos' | 'other';

/** In order: the first that matches names the system, since agents carry the names of others behind their own. */
const SYSTEMS: readonly (readonly [RegExp, Os])[] = [
  [/windows phone/i, 'other'],
  [/iphone|ipad|ipod|cfnetwork\/.*darwin.*mobile|\bios[ /]\d/i, 'ios'],
  [/android|dalvik/i, 'android'],
  [/\bcros\b/i, 'chromeos'],
  [/windows nt|\bwin(dows|32|64)\b/i, 'windows'],
  [/mac os x|macintosh|\bdarwin\b/i, 'macos'],
  [/linux|x11|ubuntu/i, 'linux'],
];

/** Operating system of a user agent; an iPad that asks for desktop pages says it is a Mac and counts as one. */
export function osOf(userAgent: string): Os {
  return SYSTEMS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? 'other';
}
