import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { checkDomain, type DomainToCheck } from '../../../cli/domain-check/check-domain.ts';
import type { Finding } from '../../../cli/domain-check/finding.ts';
import { ADDRESS, healthy, makeWorld, NAME, type Records, TARGET, type World } from './world.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(() => Promise.all(open.splice(0).map((world) => world.close())));

const DOMAIN: DomainToCheck = { name: NAME, target: TARGET, origin: `https://${NAME}`, code: 'hello' };

async function check(world: World = {}, domain: Partial<DomainToCheck> = {}): Promise<Finding[]> {
  const made = await makeWorld(world);
  open.push(made);
  return checkDomain({ ...DOMAIN, ...domain }, made.network);
}

const levels = (findings: readonly Finding[]) => findings.map(({ check: what, level }) => `${what} ${level}`);
const not = (findings: readonly Finding[]) => findings.filter(({ level }) => level !== 'ok');
const withRecords = (records: Records, domain: Partial<DomainToCheck> = {}) => check({ records }, domain);

it('finds nothing wrong with a domain that works', async () => {
  const findings = await check();
  expect(not(findings)).toEqual([]);
  expect(levels(findings)).toEqual([
    'DNS ok',
    'IPv6 ok',
    'CAA ok',
    'HTTPS record ok',
    'certificate ok',
    'certificate ok',
    'TLS ok',
    'HTTP ok',
    'redirect ok',
    'headers ok',
    'fallback ok',
  ]);
});

describe('records', () => {
  it('that are missing are written out', async () => {
    const [dns, ...rest] = await withRecords({});
    expect(dns).toMatchObject({ level: 'FAIL', record: `${NAME}. 300 IN CNAME ${TARGET}.` });
    expect(levels(rest)).toEqual(['CAA ok']);
    const [unknown] = await withRecords({}, { target: null });
    expect(unknown?.todo).toContain('--stage');
  });

  it('that lead elsewhere are told, with the right one', async () => {
    const [dns] = await withRecords({ a: { [NAME]: [ADDRESS] }, cname: { [NAME]: ['old.example'] } });
    expect(dns).toMatchObject({
      level: 'FAIL',
      detail: expect.stringContaining('old.example'),
      record: expect.stringContaining(TARGET),
    });
    const [guess] = await withRecords(
      { a: { [NAME]: [ADDRESS] }, cname: { [NAME]: ['old.example'] } },
      { target: null },
    );
    expect(guess?.level).toBe('warn');
  });

  it('of a wildcard or a parked domain are no record', async () => {
    const parked = { a: { [NAME]: [ADDRESS], 'nobody-has-this.brand.example': [ADDRESS] } };
    const [dns] = await withRecords(parked);
    expect(dns).toMatchObject({ level: 'FAIL', detail: expect.stringContaining('every name under brand.example') });
  });

  it('of the kind ALIAS are taken by their addresses', async () => {
    const [same] = await withRecords({ a: { [NAME]: [ADDRESS], [TARGET]: ['192.0.2.11', ADDRESS] } });
    expect(same?.level).toBe('ok');
    const [other] = await withRecords({ a: { [NAME]: [ADDRESS], [TARGET]: ['192.0.2.11'] } });
    expect(other?.level).toBe('warn');
  });

  it('without IPv6 are a warning', async () => {
    const findings = await withRecords({ a: { [NAME]: [ADDRESS] }, cname: { [NAME]: [TARGET] } });
    expect(levels(not(findings))).toEqual(['IPv6 warn']);
  });

  it.each([
    ['the name itself', NAME, [{ critical: 0, issue: 'letsencrypt.org' }], 'FAIL'],
    ['its parent', 'brand.example', [{ critical: 0, issue: ';' }], 'FAIL'],
    [
      'its parent, for Amazon too',
      'brand.example',
      [
        { critical: 0, issue: 'letsencrypt.org' },
        { critical: 0, issue: 'amazon.com; x=1' },
      ],
      'ok',
    ],
    ['its parent, for mail only', 'brand.example', [{ critical: 0, iodef: 'mailto:x@brand.example' }], 'ok'],
  ])('of CAA at %s decide who may issue', async (_, holder, caa, level) => {
    const findings = await withRecords({
      a: { [NAME]: [ADDRESS] },
      cname: { [NAME]: [TARGET] },
      caa: { [holder]: caa },
    });
    const finding = findings.find(({ check: what }) => what === 'CAA');
    expect(finding?.level).toBe(level);
    if (level === 'FAIL') expect(finding?.record).toBe(`${holder}. 300 IN CAA 0 issue "amazon.com"`);
  });

  it('that cannot be asked for are said to be so', async () => {
    const { network, close } = await makeWorld();
    open.push({ close });
    const silent = async () => Promise.reject(Object.assign(new Error('x'), { code: 'ETIMEOUT' }));
    const findings = await checkDomain(DOMAIN, { ...network, dns: { ...network.dns, a: silent } });
    expect(findings).toMatchObject([{ level: 'FAIL', detail: expect.stringContaining('ETIMEOUT') }]);
  });
});

describe('certificates', () => {
  const ofCertificate = async (world: World) =>
    not(await check(world)).filter(({ check: what }) => what === 'certificate' || what === 'TLS');

  it('for another name, or of an authority nobody trusts, fail', async () => {
    const [name] = await ofCertificate({ certificate: { names: ['other.example'], days: 200 } });
    expect(name).toMatchObject({ level: 'FAIL', detail: `is for other.example, not for ${NAME}` });
    const [chain] = await ofCertificate({ trusted: false });
    expect(chain).toMatchObject({ level: 'FAIL', detail: expect.stringContaining('not trusted') });
  });

  it('that end soon warn, and ones that ended fail', async () => {
    expect(await ofCertificate({ certificate: { names: [NAME], days: 20.5 } })).toMatchObject([
      { level: 'warn', detail: 'ends in 20 days' },
    ]);
    const [ended] = await ofCertificate({ certificate: { names: [NAME], days: -0.5 } });
    expect(ended).toMatchObject({ level: 'FAIL', detail: expect.stringContaining('ended') });
  });

  it('with TLS of old are a warning', async () => {
    const tls = { minVersion: 'TLSv1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
    expect(await ofCertificate({ tls })).toMatchObject([
      { check: 'TLS', level: 'warn', detail: expect.stringContaining('TLSv1.1') },
    ]);
  });

  it('that nobody shows fail', async () => {
    const { network, close } = await makeWorld();
    open.push({ close });
    const findings = await checkDomain(DOMAIN, { ...network, dial: () => ({ host: '127.0.0.1', port: 1 }) });
    expect(levels(not(findings))).toEqual(['certificate FAIL', 'HTTP FAIL', 'redirect FAIL', 'fallback FAIL']);
  });
});

describe('answers', () => {
  const answer =
    (status: number, headers = {}, body = ''): RequestListener =>
    (_, response) =>
      response.writeHead(status, headers).end(body);

  it.each([
    [200, {}, 'FAIL'],
    [302, { location: `https://${NAME}/` }, 'warn'],
    [308, { location: `https://${NAME}/` }, 'ok'],
    [301, { location: 'https://elsewhere.example/' }, 'FAIL'],
  ])('by plain HTTP with %i to %j are %s', async (status, headers, level) => {
    const findings = await check({ http: answer(status, headers) });
    expect(findings.find(({ check: what }) => what === 'HTTP')?.level).toBe(level);
  });

  it('that are permanent, or not Onehop’s, fail', async () => {
    const permanent = await check({ https: answer(301, { location: 'https://shop.example/' }) });
    expect(levels(not(permanent))).toEqual(['redirect FAIL', 'fallback FAIL']);
    expect(permanent.find(({ check: what }) => what === 'redirect')?.todo).toContain('hides later taps');
    expect(levels(not(await check({ https: answer(404, {}, 'nothing here') })))).toEqual([
      'redirect FAIL',
      'fallback FAIL',
    ]);
  });

  it('without the headers fail or warn, each with its reason', async () => {
    const findings = await check({
      https: (request, response) => {
        if (request.url !== '/hello') return healthy(request, response);
        const headers = { 'cache-control': 'max-age=60', 'referrer-policy': 'unsafe-url' };
        return response.writeHead(302, { ...headers, location: 'https://shop.example/' }).end();
      },
    });
    expect(not(findings).map(({ level, detail }) => [level, detail])).toEqual([
      ['FAIL', 'cache-control is max-age=60'],
      ['warn', 'strict-transport-security is missing'],
      ['warn', 'referrer-policy is unsafe-url'],
      ['warn', 'x-robots-tag is missing'],
    ]);
  });

  it('with the built-in page are a warning that names the command', async () => {
    const builtIn: RequestListener = (request, response) =>
      request.url === '/hello'
        ? healthy(request, response)
        : response.writeHead(404).end('<h1>This link is not available</h1>');
    const [fallback, ...rest] = not(await check({ https: builtIn }));
    expect(rest).toEqual([]);
    expect(fallback).toMatchObject({
      check: 'fallback',
      level: 'warn',
      todo: expect.stringContaining('--fallback-url'),
    });
  });

  it('of a known code that are those of an unknown one are a warning', async () => {
    expect(levels(not(await check({}, { code: 'gone' })))).toEqual(['redirect warn']);
  });

  it('cannot be tried without a link', async () => {
    expect(levels(not(await check({}, { code: null })))).toEqual(['redirect warn']);
  });
});
