import { createHash } from 'node:crypto';
import type { CloudFrontRequestEvent } from 'aws-lambda';
import type { EdgeConfig } from '../../lambdas/contract/edge-config.ts';
import { originWith } from '../../local/edge/event.ts';

/** A tap to make: its path and what tells it from the others. */
export interface TapSample {
  readonly path: string;
  readonly query?: string;
}

/** People's phones and one crawler, as they introduce themselves. */
const USER_AGENTS = [
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_6_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/137.0.7151.51 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 14; SM-S911B Build/UP1A.231005.007; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/137.0.7151.61 Mobile Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36',
  'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
] as const;

const LANGUAGES = ['en-US,en;q=0.9', 'de-DE,de;q=0.9,en;q=0.8', 'es-MX', 'en-GB,en-US;q=0.9,en;q=0.8'] as const;
const COUNTRIES = ['US', 'DE', 'MX', 'GB', 'CA'] as const;

const pick = <T>(list: readonly [T, ...T[]], index: number): T => list[index % list.length] ?? list[0];

/** Origin-request events as CloudFront makes them: all the headers its policy names, and a request id of its own each. */
export function tapEvents(samples: readonly TapSample[], count: number, config: EdgeConfig): CloudFrontRequestEvent[] {
  const origin = originWith(config);
  return Array.from({ length: count }, (_, index) => {
    const { path, query = '' } = samples[index % samples.length] as TapSample;
    const requestId = `${createHash('sha256').update(String(index)).digest('base64url')}2Q9vKpXs1w==`;
    return {
      Records: [
        {
          cf: {
            config: {
              distributionDomainName: 'd1.cloudfront.net',
              distributionId: 'E1',
              eventType: 'origin-request',
              requestId,
            },
            request: {
              clientIp: address(index),
              method: 'GET',
              uri: path,
              querystring: query,
              headers: headers(index, config.domain),
              origin,
            },
          },
        },
      ],
    };
  });
}

const address = (index: number) => `203.0.${index % 113}.${1 + (index % 250)}`;

function headers(index: number, host: string) {
  const all = {
    Host: host,
    'User-Agent': pick(USER_AGENTS, index),
    Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8',
    'Accept-Language': pick(LANGUAGES, index),
    'Accept-Encoding': 'gzip, deflate, br',
    'Sec-Fetch-Site': 'none',
    'Sec-Fetch-Mode': 'navigate',
    'Sec-Fetch-Dest': 'document',
    'Sec-Fetch-User': '?1',
    'CloudFront-Viewer-Address': `${address(index)}:${40_000 + (index % 20_000)}`,
    'CloudFront-Viewer-ASN': '7018',
    'CloudFront-Viewer-Country': pick(COUNTRIES, index),
    'CloudFront-Viewer-Country-Region': 'CA',
    'CloudFront-Viewer-City': 'San Francisco',
    'CloudFront-Viewer-Time-Zone': 'America/Los_Angeles',
    'CloudFront-Viewer-Http-Version': '2.0',
    'CloudFront-Viewer-TLS': 'TLSv1.3:TLS_AES_128_GCM_SHA256:sessionResumed',
    'CloudFront-Viewer-JA4-Fingerprint': 't13d1516h2_8daaf6152771_02713d6af862',
  };
  return Object.fromEntries(Object.entries(all).map(([key, value]) => [key.toLowerCase(), [{ key, value }]]));
}
