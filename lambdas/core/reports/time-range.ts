/** A bare date and a time mean different things at the end of a range: a date includes its day, a time is exclusive. */
const DATE = /^\d{4}-\d{2}-\d{2}$/;
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
const DAY_MS = 86_400_000;

/** Begin of a range, epoch ms; null where the text is neither a date nor a time. */
export function rangeStart(text: string, tz: string): number | null {
  return DATE.test(text) ? localMidnight(text, 0, tz) : instant(text);
}

/** Exclusive end of a range, epoch ms; null where the text is neither a date nor a time. */
export function rangeEnd(text: string, tz: string): number | null {
  return DATE.test(text) ? localMidnight(text, 1, tz) : instant(text);
}

/** The calendar day of a moment in a time zone, as yyyy-MM-dd. */
export function dayOf(time: number, tz: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: tz, year: 'numeric', month: '2-digit', day: '2-digit' });
  return parts.format(time);
}

function instant(text: string): number | null {
  const time = TIME.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(time) ? null : time;
}

/** Midnight of a local day; where daylight saving skips midnight, the first moment of that day. */
function localMidnight(date: string, plusDays: number, tz: string): number | null {
  const utc = Date.parse(`${date}T00:00:00Z`) + plusDays * DAY_MS;
  if (Number.isNaN(utc) || new Date(Date.parse(`${date}T00:00:00Z`)).toISOString().slice(0, 10) !== date) return null;
  const guess = utc - offsetAt(utc, tz);
  return utc - offsetAt(guess, tz);
}

/** How far a zone's wall clock is ahead of UTC at a moment, ms. */
function offsetAt(time: number, tz: string): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: tz,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(time);
  const value = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const wall = Date.UTC(
    value('year'),
    value('month') - 1,
    value('day'),
    value('hour'),
    value('minute'),
    value('second'),
  );
  return wall - Math.floor(time / 1_000) * 1_000;
}
