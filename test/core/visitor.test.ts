import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { visitorOf } from '../../lambdas/core/visitor.ts';
import { IN_APP, peopleProfiles } from './corpora.ts';

describe('visitor', () => {
  it.each([
    [
      'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
      'mobile',
      'ios',
      'safari',
    ],
    [
      'Mozilla/5.0 (iPad; CPU OS 12_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1.2 Mobile/15E148 Safari/604.1',
      'tablet',
      'ios',
      'safari',
    ],
    [
      'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Mobile Safari/537.36',
      'mobile',
      'android',
      'chrome',
    ],
    [
      'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36 Edg/125.0.0.0',
      'desktop',
      'windows',
      'microsoft edge',
    ],
    [
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:126.0) Gecko/20100101 Firefox/126.0',
      'desktop',
      'macos',
      'firefox',
    ],
    ['Mozilla/5.0 (X11; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0', 'desktop', 'linux', 'firefox'],
    [
      'Mozilla/5.0 (X11; CrOS x86_64 14541.0.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Safari/537.36',
      'desktop',
      'chromeos',
      'chrome',
    ],
    [
      'Mozilla/5.0 (SMART-TV; Linux; Tizen 6.0) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/3.0 Chrome/76.0.3809.146 TV Safari/537.36',
      'tv',
      'linux',
      'samsung internet for android',
    ],
    ['Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)', 'bot', 'other', 'googlebot'],
  ])('%s', (agent, device, os, browser) => {
    expect(visitorOf(agent)).toEqual({ device, os, browser, in_app: null });
  });

  it.each(IN_APP)('sees the app %s', (app, agent) => {
    expect(visitorOf(agent)).toMatchObject({ in_app: app, device: 'mobile' });
  });

  it.each([[null], [''], ['   ']])('knows nothing of a visitor without agent (%j)', (agent) => {
    expect(visitorOf(agent)).toEqual({ device: 'other', os: 'other', browser: null, in_app: null });
  });

  it('agrees with the profiles of people on the kind of device, with few exceptions', () => {
    const profiles = peopleProfiles();
    const agreed = profiles.filter(({ userAgent, deviceCategory }) => visitorOf(userAgent).device === deviceCategory);
    expect(agreed.length / profiles.length).toBeGreaterThan(0.97);
  });

  it('names system and browser of nearly everyone', () => {
    const visitors = peopleProfiles().map(({ userAgent }) => visitorOf(userAgent));
    expect(visitors.filter(({ os }) => os === 'other').length).toBeLessThan(20);
    expect(visitors.filter(({ browser }) => browser === null).length).toBeLessThan(200);
  });

  it('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 1_100 }), (agent) => {
        const { device, os, browser, in_app } = visitorOf(agent);
        expect([typeof device, typeof os]).toEqual(['string', 'string']);
        for (const name of [browser, in_app]) expect(name === null || name.length > 0).toBe(true);
      }),
    );
  });
});
