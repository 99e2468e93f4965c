import { about, type Finding } from './finding.ts';
import type { Network } from './network.ts';
import { type Answered, request } from './request.ts';

export interface Site {
  readonly name: string;
  /** Scheme, name and port of short URLs. */
  readonly origin: string;
  /** Address that is asked. */
  readonly address: string;
  /** A code that redirects; null where there is none to try. */
  readonly code: string | null;
}

/** Looks at what the site answers: plain HTTP, a code that is known, one that is not. */
export async function checkRedirects(site: Site, network: Network): Promise<Finding[]> {
  const isTls = site.origin.startsWith('https:');
  const plain = isTls ? await attempt('HTTP', async () => [await plainHttp(site, network)]) : [];
  let fallbackTo: string | undefined;
  const fallback = await attempt('fallback', async () => {
    const answered = await askUnknown(site, network);
    fallbackTo = answered.headers.location;
    return [fallbackFinding(site, answered)];
  });
  const redirect = await attempt('redirect', () => knownCode(site, fallbackTo, network));
  return [...plain, ...redirect, ...fallback];
}

async function attempt(check: string, look: () => Promise<Finding[]>): Promise<Finding[]> {
  try {
    return await look();
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code ?? (error as Error).message;
    const todo = 'see the findings above; CloudFront takes some minutes after a deployment';
    return [about(check).fail(`no answer: ${why}`, todo)];
  }
}

async function plainHttp({ name, address }: Site, network: Network): Promise<Finding> {
  const { ok, warn, fail } = about('HTTP');
  const { status, headers } = await request('HEAD', new URL(`http://${name}/`), address, network);
  const toHttps = headers.location?.startsWith(`https://${name}`) ?? false;
  if (toHttps && [301, 307, 308].includes(status)) return ok(`goes to HTTPS (${status})`);
  const todo = 'set the viewer protocol policy to redirect-to-https; a deployed domain has it';
  if (toHttps) return warn(`goes to HTTPS with ${status} instead of 301, 307 or 308`, todo);
  return fail(
    `answers ${status}${headers.location ? ` to ${headers.location}` : ''} instead of going to https://${name}`,
    todo,
  );
}

async function knownCode(
  { origin, address, code, name }: Site,
  fallbackTo: string | undefined,
  network: Network,
): Promise<Finding[]> {
  const { ok, warn, fail } = about('redirect');
  if (code === null)
    return [
      warn(
        'there is no active slug link to try',
        `make one: npx onehop link create --domain ${name} --destination …, or name one with --code`,
      ),
    ];
  const { status, headers } = await request('HEAD', new URL(`${origin}/${code}`), address, network);
  if (status !== 302 || !headers.location) {
    const todo = [301, 308].includes(status)
      ? 'a permanent redirect is remembered and hides later taps: something in front of Onehop answers'
      : 'is the domain deployed and the link active? Something other than Onehop may answer for this name';
    return [fail(`/${code} answers ${status} instead of 302`, todo)];
  }
  const seen =
    headers.location === fallbackTo
      ? warn(`/${code} goes where unknown codes go`, 'is the link there and active, and its campaign and offer too?')
      : ok(`/${code} redirects with 302 to ${new URL(headers.location).host}`);
  return [seen, ...headerFindings(headers)];
}

/** What an answer must carry, and what each part is for. */
const HEADERS = [
  {
    name: 'cache-control',
    wanted: /(?=.*\bprivate\b)(?=.*\bno-store\b)/,
    level: 'fail',
    why: 'a cached redirect hides the next tap',
  },
  {
    name: 'strict-transport-security',
    wanted: /max-age=[1-9]/,
    level: 'warn',
    why: 'keeps later taps from plain HTTP',
  },
  {
    name: 'referrer-policy',
    wanted: /no-referrer|same-origin|strict-origin|^origin/,
    level: 'warn',
    why: 'keeps the code, which says who taps, from the destination',
  },
  { name: 'x-robots-tag', wanted: /noindex/, level: 'warn', why: 'keeps short links out of search engines' },
] as const;

function headerFindings(headers: Answered['headers']): Finding[] {
  const to = about('headers');
  const faults = HEADERS.filter(({ name, wanted }) => !wanted.test(String(headers[name] ?? '')));
  if (faults.length === 0) return [to.ok(`${HEADERS.map(({ name }) => name).join(', ')} are as they should be`)];
  return faults.map(({ name, level, why }) =>
    to[level](
      `${name} is ${headers[name] ?? 'missing'}`,
      `${why}: something between Onehop and the visitor changes it`,
    ),
  );
}

const askUnknown = ({ origin, address }: Site, network: Network) =>
  request('GET', new URL(`${origin}/${network.unusedLabel()}`), address, network);

function fallbackFinding({ name }: Site, { status, headers, body }: Answered): Finding {
  const { ok, warn, fail } = about('fallback');
  if (status === 302 && headers.location) return ok(`a code that does not exist goes to ${headers.location}`);
  if (status === 404 && body.includes('This link is not available'))
    return warn(
      'a code that does not exist shows the built-in page',
      `set one: npx onehop domain update ${name} --fallback-url https://…`,
    );
  return fail(
    `a code that does not exist answers ${status}, which is not Onehop’s answer`,
    'something else answers for this name: see DNS above',
  );
}
