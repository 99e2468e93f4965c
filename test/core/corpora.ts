import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const require = createRequire(import.meta.url);

interface Crawler {
  readonly instances: readonly string[];
}

/** Agents of real programs, from the package crawler-user-agents. */
export function crawlerAgents(): string[] {
  const crawlers = require('crawler-user-agents') as readonly Crawler[];
  return crawlers.flatMap((crawler) => [...crawler.instances]);
}

/** A visit that somebody paid with attention: agent and kind of device, from the package user-agents. */
export interface Profile {
  readonly userAgent: string;
  readonly deviceCategory: 'mobile' | 'tablet' | 'desktop';
}

/** All profiles of the package, which itself only hands out random ones. */
export function peopleProfiles(): Profile[] {
  const path = join(require.resolve('user-agents'), '..', 'user-agents.json');
  return JSON.parse(readFileSync(path, 'utf8')) as Profile[];
}

const IPHONE = 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko)';
const PIXEL =
  'Mozilla/5.0 (Linux; Android 14; Pixel 8 Build/AP1A.240405.002; wv) AppleWebKit/537.36 (KHTML, like Gecko)';
const CHROME = 'Version/4.0 Chrome/125.0.6422.113 Mobile Safari/537.36';

/** People who read in the built-in browser of an app, and the app. */
export const IN_APP: readonly (readonly [app: string, userAgent: string])[] = [
  [
    'instagram',
    `${IPHONE} Mobile/15E148 Instagram 334.0.0.29.93 (iPhone14,5; iOS 17_5_1; en_US; en; scale=3.00; 1170x2532; 605596528)`,
  ],
  [
    'facebook',
    `${IPHONE} Mobile/15E148 [FBAN/FBIOS;FBAV/465.0.0.41.101;FBBV/602060281;FBDV/iPhone14,5;FBMD/iPhone;FBSN/iOS;FBSV/17.5.1;FBSS/3;FBID/phone;FBLC/en_US;FBOP/80]`,
  ],
  ['facebook', `${PIXEL} ${CHROME} [FB_IAB/FB4A;FBAV/465.0.0.54.83;IABMV/1;]`],
  ['facebook', `${PIXEL} ${CHROME} MetaIAB Facebook`],
  [
    'messenger',
    `${IPHONE} Mobile/15E148 [FBAN/MessengerForiOS;FBAV/459.0.0.45.112;FBDV/iPhone14,5;FBMD/iPhone;FBSN/iOS;FBSV/17.5.1]`,
  ],
  ['whatsapp', `${PIXEL} ${CHROME} WhatsApp/2.24.11.79`],
  ['snapchat', `${IPHONE} Mobile/15E148 Snapchat/12.89.0.40 (like Safari/8618.2.12.10.9, panda)`],
  [
    'tiktok',
    `${PIXEL} ${CHROME} musical_ly_2023501030 JsSdk/1.0 NetType/WIFI Channel/googleplay AppName/musical_ly ByteLocale/en BytedanceWebview/d8a21c6`,
  ],
  ['linkedin', `${IPHONE} Mobile/15E148 [LinkedInApp]/9.29.6157`],
  ['pinterest', `${IPHONE} Mobile/15E148 [Pinterest/iOS]`],
  ['twitter', `${IPHONE} Version/17.5 Mobile/15E148 Safari/604.1 Twitter for iPhone/10.44`],
  ['wechat', `${IPHONE} Mobile/15E148 MicroMessenger/8.0.49(0x18003127) NetType/WIFI Language/en`],
  ['kakaotalk', `${PIXEL} ${CHROME} KAKAOTALK 10.8.2`],
  ['line', `${IPHONE} Mobile/15E148 Safari Line/14.8.0`],
  ['google', `${IPHONE} GSA/317.0.634488990 Mobile/15E148 Safari/604.1`],
  ['yandex', `${IPHONE} Version/17.5 YaBrowser/24.4.7.520.10 SA/3 Mobile/15E148 Safari/604.1 YaApp_iOS/2405.0`],
  ['bing', `${IPHONE} Version/17.0 Mobile/15E148 Safari/604.1 BingSapphire/28.6.410528002`],
  ['duckduckgo', `${PIXEL} ${CHROME} DuckDuckGo/5`],
  ['webview', `${PIXEL} ${CHROME}`],
];
