import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type CheckOptions, checkDestination } from '../../../lambdas/adapters/destination/check-destination.ts';
import { NoSuchHostError, ResolverSilentError } from '../../../lambdas/adapters/destination/resolve.ts';
import { selfSigned } from '../../support/certificate.ts';
import { dialling, type Standing, stand } from './servers.ts';

/** Public addresses, which nothing here connects to: this machine's servers stand in their place. */
const SHOP = '93.184.215.14';
const OTHER = '93.184.215.15';

const open: Standing[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));
async function serve(answer: RequestListener, tls?: { key: string; cert: string }) {
  const server = await stand(answer, tls);
  open.push(server);
  return server;
}

const toShop = async () => [SHOP];
const status =
  (code: number, headers = {}): RequestListener =>
  (_, response) =>
    response.writeHead(code, headers).end();

async function checkShop(answer: RequestListener, options: CheckOptions = {}, url = 'http://shop.example/') {
  const server = await serve(answer);
  const { dial, dialled } = dialling({ [`${SHOP} 80`]: server });
  const report = await checkDestination(url, { resolve: toShop, dial, ...options });
  return { ...report, dialled, seen: server.seen };
}

describe('a destination that answers', () => {
  it('is asked with HEAD at the address that was checked, with samples and without anything of ours', async () => {
    const { outcome, seen, dialled, hops } = await checkShop(
      status(200),
      {},
      'http://shop.example/a?c={click_id}#{os}',
    );
    expect([outcome, dialled]).toEqual(['ok', [`${SHOP} 80`]]);
    expect(seen).toMatchObject([{ method: 'HEAD', url: '/a?c=onehop-check', headers: { host: 'shop.example' } }]);
    expect(hops).toEqual([{ url: 'http://shop.example/a?c=onehop-check#ios', status: 200 }]);
    expect(Object.keys(seen[0]?.headers ?? {}).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'user-agent',
    ]);
  });

  it('is asked with GET where it does not take HEAD, and its body is not read', async () => {
    const { outcome, seen } = await checkShop((request, response) => {
      if (request.method === 'HEAD') return response.writeHead(405).end();
      // A body without end: the check has to hang up.
      response.writeHead(200);
      const pump = () => {
        while (response.write('x'.repeat(65_536)));
      };
      response.on('drain', pump);
      return pump();
    });
    expect([outcome, seen.map(({ method }) => method)]).toEqual(['ok', ['HEAD', 'GET']]);
    const dropped = await checkShop((request, response) => {
      if (request.method === 'HEAD') request.socket.destroy();
      else response.end();
    });
    expect(dropped.outcome).toBe('ok');
  });

  it('may send machines away', async () => {
    for (const code of [401, 403, 429]) expect((await checkShop(status(code))).outcome).toBe('guarded');
  });
});

describe('redirects', () => {
  it('are followed to the end, each hop resolved and checked', async () => {
    const shop = await serve(status(302, { location: 'http://other.example/b' }));
    const other = await serve(status(204));
    const { dial, dialled } = dialling({ [`${SHOP} 80`]: shop, [`${OTHER} 80`]: other });
    const resolve = async (host: string) => [host === 'shop.example' ? SHOP : OTHER];
    const { outcome, hops } = await checkDestination('http://shop.example/', { resolve, dial });
    expect([outcome, dialled]).toEqual(['ok', [`${SHOP} 80`, `${OTHER} 80`]]);
    expect(hops.map(({ status: code }) => code)).toEqual([302, 204]);
  });

  it.each([
    ['http://127.0.0.1/', 'not_public'],
    ['http://2130706433/', 'not_public'],
    ['http://0x7f.1/', 'not_public'],
    ['http://[::1]/', 'not_public'],
    ['http://[::ffff:169.254.169.254]/latest/meta-data', 'not_public'],
    ['http://[fd00:ec2::254]/', 'not_public'],
    ['http://169.254.169.254/latest/meta-data/', 'not_public'],
    ['http://localhost/', 'not_public'],
    ['http://shop.example:8080/', 'bad_port'],
    ['https://shop.example:22/', 'bad_port'],
    ['ftp://shop.example/', 'bad_url'],
    ['file:///etc/passwd', 'bad_url'],
    ['javascript:alert(1)', 'bad_url'],
    ['http://user:secret@shop.example/', 'bad_url'],
  ])('to %s are refused on whichever hop, as %s, and nothing is dialled', async (location, outcome) => {
    const resolve = async (host: string) =>
      host === 'localhost' ? ['127.0.0.1'] : /^[\d.]+$|:/.test(host) ? [host] : [SHOP];
    const redirected = await checkShop(status(302, { location }), { resolve });
    expect([redirected.outcome, redirected.dialled]).toEqual([outcome, [`${SHOP} 80`]]);
    const direct = await checkDestination(location, { resolve, dial: () => expect.unreachable() });
    expect(direct.outcome).toBe(outcome);
  });

  it('end after five hops', async () => {
    const { outcome, seen } = await checkShop((request, response) =>
      response.writeHead(302, { location: `${request.url}x` }).end(),
    );
    expect([outcome, seen.length]).toEqual(['too_many_redirects', 5]);
  });
});

describe('names', () => {
  it('with one address that is not public are refused', async () => {
    const dial = () => expect.unreachable();
    for (const addresses of [['10.0.0.1'], [SHOP, '127.0.0.1'], [SHOP, '::ffff:7f00:1'], ['64:ff9b::7f00:1']])
      expect((await checkDestination('http://shop.example/', { resolve: async () => addresses, dial })).outcome).toBe(
        'not_public',
      );
  });

  it('are looked up once a hop, so that a second answer cannot lead elsewhere', async () => {
    let asked = 0;
    const rebinding = async () => (asked++ === 0 ? [SHOP] : ['127.0.0.1']);
    const { outcome, dialled } = await checkShop(status(405), { resolve: rebinding });
    // HEAD and GET both go to the address that was checked.
    expect([outcome, asked, dialled]).toEqual(['error_status', 1, [`${SHOP} 80`, `${SHOP} 80`]]);
  });

  it('that do not exist are told from name servers that are silent', async () => {
    const failing = (error: Error) => ({ resolve: async () => Promise.reject(error) });
    const of = async (error: Error) => (await checkDestination('http://x.example/', failing(error))).outcome;
    expect(await of(new NoSuchHostError('x.example'))).toBe('no_such_host');
    expect(await of(new ResolverSilentError('ETIMEOUT'))).toBe('unchecked');
  });
});

describe('destinations that fail', () => {
  it.each([404, 410, 500, 503])('with %i', async (code) =>
    expect(await checkShop(status(code))).toMatchObject({
      outcome: 'error_status',
      message: expect.stringContaining(String(code)),
    }),
  );

  it('to answer in time, or to be there', async () => {
    expect((await checkShop(() => {}, { timeoutMs: 50 })).outcome).toBe('slow');
    const silent = { resolve: () => new Promise<never>(() => {}), timeoutMs: 50 };
    expect((await checkDestination('http://shop.example/', silent)).outcome).toBe('slow');
    const nobody = { resolve: toShop, ...dialling({}) };
    expect((await checkDestination('http://shop.example/', nobody)).outcome).toBe('unreachable');
  });
});

describe('TLS', () => {
  it('asks for the name and takes its certificate only', async () => {
    const mine = await selfSigned(['shop.example']);
    const server = await serve(status(200), mine);
    const { dial } = dialling({ [`${SHOP} 443`]: server });
    const check = (url: string, ca?: string) =>
      checkDestination(url, { resolve: toShop, dial, ...(ca !== undefined && { ca }) });
    expect((await check('https://shop.example/', mine.cert)).outcome).toBe('ok');
    expect((await check('https://other.example/', mine.cert)).outcome).toBe('bad_certificate');
    expect((await check('https://shop.example/')).outcome).toBe('bad_certificate');
  });
});
