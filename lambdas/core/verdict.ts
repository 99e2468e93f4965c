import { isbot } from 'isbot';

/** What a click was judged to be. Bots are redirected like anyone, labelled and never dropped. */
export interface Verdict {
  readonly actor: 'human' | 'suspect' | 'bot';
  /** Reason codes, the weightiest first; empty for a human. */
  readonly reasons: readonly string[];
}

/** What the first verdict looks at. */
export interface VerdictInput {
  readonly user_agent: string | null;
  readonly method: string;
  readonly sec_purpose: string | null;
}

/** Changes with every change of the rules, so that a row tells which ones judged it. */
export const RULES_VERSION = '2026-11-1';

/**
 * Previews that message apps fetch for the person who reads: Apple's (posing as two crawlers at once), Google's, and
 * Samsung's, which gives itself as an old Firefox that no person uses any more.
 */
const SMS_PREVIEW =
  /facebookexternalhit\/[\d.]+ Facebot Twitterbot|Google-PageRenderer|Linux i686; rv:24\.0\) Gecko\/20100101 Firefox\/24\.0/;

/** Programs that fetch without a browser, of those that general bot lists leave out or name only in part. */
const HTTP_LIBRARY =
  /^(dalvik|okhttp|java|apache-httpclient|python|go-http-client|curl|wget|libwww|axios|node|undici|got|ruby|php|guzzle|guzzlehttp|dart|perl|http_request|rest-client|postmanruntime|insomnia|aiohttp|httpx|reqwest|winhttp|cpp-httplib|unirest|volley|ktor)\b|^MobileSMS\b|^[^(]*\bCFNetwork\/[\d.]+ Darwin\//i;

/** Programs that name themselves in the middle of a browser's agent, where lists of bots pass some of them over. */
const NAMED_BOT =
  /\b(googlebot|adsbot|bingbot|yandex\w*bot|facebookexternalhit|meta-externala\w+|facebot|twitterbot|applebot|petalbot|bytespider|headless|lighthouse|crawler|spider)\b/i;

function agentReasons(userAgent: string | null): string[] {
  if (!userAgent?.trim()) return ['ua_missing'];
  if (SMS_PREVIEW.test(userAgent)) return ['ua_sms_preview'];
  if (HTTP_LIBRARY.test(userAgent)) return ['ua_http_library'];
  return NAMED_BOT.test(userAgent) || isbot(userAgent) ? ['ua_known_bot'] : [];
}

/** The first verdict, from the user agent, the method and the headers of a browser that fetches ahead; each reason alone makes a bot. */
export function verdictOf({ user_agent, method, sec_purpose }: VerdictInput): Verdict {
  const reasons = [
    ...agentReasons(user_agent),
    ...(method === 'HEAD' ? ['method_head'] : []),
    ...(sec_purpose && /prefetch|preview|prerender/i.test(sec_purpose) ? ['prefetch_header'] : []),
  ];
  return { actor: reasons.length > 0 ? 'bot' : 'human', reasons };
}
