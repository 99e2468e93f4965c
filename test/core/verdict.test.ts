import { describe, expect, it } from 'vitest';
import { verdictOf } from '../../lambdas/core/verdict.ts';
import { crawlerAgents, IN_APP, peopleProfiles } from './corpora.ts';

const PERSON =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';
const judge = (user_agent: string | null) => verdictOf({ user_agent, method: 'GET', sec_purpose: null });
const bot = (...reasons: string[]) => ({ actor: 'bot', reasons });

describe('agents of programs and people', () => {
  it('misses at most 10 of the crawlers, two of which are people in apps', () => {
    const agents = crawlerAgents();
    const missed = agents.filter((agent) => judge(agent).actor !== 'bot');
    expect(agents.length).toBeGreaterThan(2_000);
    expect(missed.length).toBeLessThanOrEqual(10);
    const people = missed.filter((agent) => /Instagram|MetaIAB/.test(agent));
    expect(people).toHaveLength(2);
  });

  it('takes nobody of 10,000 people for a program', () => {
    const profiles = peopleProfiles();
    expect(profiles).toHaveLength(10_000);
    expect(profiles.filter(({ userAgent }) => judge(userAgent).actor !== 'human')).toEqual([]);
  });

  it.each(IN_APP)('leaves a reader in %s a person', (_, agent) => {
    expect(judge(agent)).toEqual({ actor: 'human', reasons: [] });
  });

  it.each([
    ['Googlebot posing as a phone', `${PERSON} (compatible; Googlebot/2.1; +http://www.google.com/bot.html)`],
    ['a crawler posing as an app', `${PERSON} Twitter for iPhone BrandVerity/1.0 (http://www.brandverity.com/why)`],
    ['a crawler that names itself behind an app', `${PERSON} Instagram 334.0.0.29.93 facebookexternalhit/1.1`],
    ['the preview of WhatsApp', 'WhatsApp/2.24.11.79 A'],
    ['Slack', 'Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)'],
    ['Telegram', 'TelegramBot (like TwitterBot)'],
  ])('knows %s', (_, agent) => expect(judge(agent)).toEqual(bot('ua_known_bot')));
});

describe('rules', () => {
  it.each([[null], [''], ['  '], ['\t']])('no agent (%j) is a program', (agent) => {
    expect(judge(agent)).toEqual(bot('ua_missing'));
  });

  it.each([
    [
      'Apple',
      'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0',
    ],
    [
      'Google',
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/56.0.2924.87 Safari/537.36 Google-PageRenderer Google (+https://developers.google.com/+/web/snippet/)',
    ],
    ['Samsung', 'Mozilla/5.0 (X11; Ubuntu; Linux i686; rv:24.0) Gecko/20100101 Firefox/24.0'],
  ])('the preview of messages by %s', (_, agent) => expect(judge(agent)).toEqual(bot('ua_sms_preview')));

  it.each([
    'Dalvik/2.1.0 (Linux; U; Android 14; Pixel 8 Build/AP1A.240405.002)',
    'okhttp/4.12.0',
    'Java/17.0.2',
    'Apache-HttpClient/4.5.14 (Java/11.0.19)',
    'python-requests/2.31.0',
    'Go-http-client/2.0',
    'curl/8.5.0',
    'Wget/1.21.4',
    'axios/1.7.2',
    'node',
    'undici',
    'got (https://github.com/sindresorhus/got)',
    'Ruby',
    'PHP/8.1',
    'GuzzleHttp/7',
    'Dart/3.3 (dart:io)',
    'Perl/5.36',
    'PostmanRuntime/7.39.0',
    'libwww-perl/6.77',
    'python-httpx/0.27.0',
    'Ktor client',
    'Volley/0',
    'MobileSMS/1.0',
    'MobileSMS/1.0 CFNetwork/1496.0.7 Darwin/23.5.0',
    'Preview/1 CFNetwork/1496.0.7 Darwin/23.5.0',
  ])('library %s', (agent) => expect(judge(agent)).toEqual(bot('ua_http_library')));

  it.each([
    'Mozilla/5.0 (compatible; MSIE 10.0; Windows NT 6.2; Trident/6.0)',
    'Mozilla/5.0 (Linux; Android 13; SM-A536B) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/25.0 Chrome/121.0.0.0 Mobile Safari/537.36',
    'Opera/9.80 (Android; Opera Mini/36.2/119.132; U; id) Presto/2.12.423 Version/12.16',
    'Mozilla/5.0 (X11; Ubuntu; Linux x86_64; rv:126.0) Gecko/20100101 Firefox/126.0',
    'Mozilla/5.0 (Linux; Android 10; CUBOT P40) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.0.0 Mobile Safari/537.36',
  ])('a browser of few, %s, is a person’s', (agent) => expect(judge(agent).actor).toBe('human'));

  it('a HEAD request is a program, whatever its agent', () => {
    expect(verdictOf({ user_agent: PERSON, method: 'HEAD', sec_purpose: null })).toEqual(bot('method_head'));
  });

  it.each(['prefetch', 'prefetch;prerender', 'prefetch;anonymous-client-ip', 'Preview', 'prerender'])(
    'fetching ahead (%s) is no click of a person',
    (sec_purpose) => {
      expect(verdictOf({ user_agent: PERSON, method: 'GET', sec_purpose })).toEqual(bot('prefetch_header'));
    },
  );

  it('leaves other purposes alone', () => {
    expect(verdictOf({ user_agent: PERSON, method: 'GET', sec_purpose: 'navigate' }).actor).toBe('human');
  });

  it('tells every reason, that of the agent first', () => {
    const reasons = ['ua_http_library', 'method_head', 'prefetch_header'];
    expect(verdictOf({ user_agent: 'curl/8.5.0', method: 'HEAD', sec_purpose: 'prefetch' })).toEqual(bot(...reasons));
  });
});
