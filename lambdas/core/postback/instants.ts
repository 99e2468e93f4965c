const DAY = 86_400_000;
/** Senders without a time zone may be up to 14 hours ahead of UTC; anything beyond a day is a mistake. */
export const FUTURE_TOLERANCE = DAY;
const YEAR_2000 = Date.UTC(2000, 0, 1);

const LOCAL =
  /^(\d{4})-?(\d{2})-?(\d{2})[T ](\d{2}):?(\d{2})(?::?(\d{2})(?:[.,](\d{1,9}))?)?\s*(Z|UTC|[+-]\d{2}:?\d{2})?$/i;
const RFC_1123 = /^(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) (GMT|UTC|[+-]\d{4})$/;
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Whole units of each field; null where a field is out of its range, such as 30 February. */
function utc(year: number, month: number, day: number, hour: number, minute: number, second: number): number | null {
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  const date = new Date(time);
  const fits = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return fits ? time : null;
}

function offsetOf(zone: string | undefined): number {
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone ?? '') ?? [];
  return sign ? (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000 : 0;
}

function readText(text: string): number | null {
  const local = LOCAL.exec(text);
  if (local) {
    const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = local
      .slice(1, 7)
      .map((part) => Number(part ?? 0));
    const time = utc(year, month, day, hour, minute, second);
    return time === null ? null : time + Number((local[7] ?? '').padEnd(3, '0').slice(0, 3)) - offsetOf(local[8]);
  }
  const [, day, month = '', year, hour, minute, second, zone] = RFC_1123.exec(text) ?? [];
  const time = utc(Number(year), MONTHS.indexOf(month) + 1, Number(day), Number(hour), Number(minute), Number(second));
  return day === undefined || time === null ? null : time - offsetOf(zone);
}

/**
 * A time in any of the notations senders use, as epoch milliseconds: RFC 3339 (also without punctuation), epoch seconds (up to 10
 * digits) or milliseconds (12 or 13), `YYYY-MM-DD HH:mm:ss`, RFC 1123. Without a zone it is UTC. Null where it is none.
 */
export function parseInstant(text: string): number | null {
  if (/^\d{1,10}(\.\d+)?$/.test(text)) return Math.trunc(Number(text) * 1000);
  if (/^\d{12,13}$/.test(text)) return Number(text);
  return readText(text);
}

/** Why a time cannot be that of a conversion that arrived at `receivedAt`; null where it can. */
export function instantFault(time: number, receivedAt: number): 'time_in_future' | 'time_before_2000' | null {
  if (time < YEAR_2000) return 'time_before_2000';
  return time > receivedAt + FUTURE_TOLERANCE ? 'time_in_future' : null;
}
