import Bowser from 'bowser';
import { type Os, osOf } from './visitor-os.ts';

/** Device, system and browser of a visitor, as far as the user agent tells. */
export interface Visitor {
  readonly device: 'mobile' | 'tablet' | 'desktop' | 'tv' | 'bot' | 'other';
  readonly os: Os;
  /** Browser family in lower case; null where the agent names none. */
  readonly browser: string | null;
  /** App whose built-in browser made the request; null in a plain browser. */
  readonly in_app: string | null;
}

const APPS: readonly (readonly [RegExp, string])[] = [
  [/\bInstagram\b/, 'instagram'],
  [/\b(FBAN\/Messenger|Orca-Android|MessengerForiOS)/, 'messenger'],
  [/\b(FBAN|FBAV|FB_IAB|MetaIAB)\b/, 'facebook'],
  [/\bWhatsApp\b/, 'whatsapp'],
  [/\bSnapchat\b/, 'snapchat'],
  [/\b(musical_ly|BytedanceWebview|trill)/, 'tiktok'],
  [/\bLinkedInApp\b/, 'linkedin'],
  [/\bPinterest\b/, 'pinterest'],
  [/\bTwitter for\b|\bTwitterAndroid\b/, 'twitter'],
  [/\bMicroMessenger\b/, 'wechat'],
  [/\bKAKAOTALK\b/i, 'kakaotalk'],
  [/\bLine\//, 'line'],
  [/\bGSA\//, 'google'],
  [/\b(YaApp_|YaSearchBrowser)/, 'yandex'],
  [/\b(BingSapphire|BingWeb)\b/, 'bing'],
  [/\bDuckDuckGo\//, 'duckduckgo'],
  [/; wv\)/, 'webview'],
];

const DEVICES: Readonly<Record<string, Visitor['device']>> = {
  mobile: 'mobile',
  tablet: 'tablet',
  desktop: 'desktop',
  tv: 'tv',
  bot: 'bot',
};

const UNKNOWN: Visitor = { device: 'other', os: 'other', browser: null, in_app: null };

/** Reads a user agent; never throws. */
export function visitorOf(userAgent: string | null): Visitor {
  if (!userAgent?.trim()) return UNKNOWN;
  const { platform, browser } = Bowser.parse(userAgent);
  const os = osOf(userAgent);
  return {
    device: DEVICES[platform.type ?? ''] ?? (os === 'chromeos' ? 'desktop' : 'other'),
    os,
    browser: browser.name?.toLowerCase() || null,
    in_app: APPS.find(([pattern]) => pattern.test(userAgent))?.[1] ?? null,
  };
}
