/** What the hourly schedule hands to the sweep function: listen whether a source fell silent, in place of a sweep. */
export const SILENCE_CHECK = { check: 'silence' } as const;
