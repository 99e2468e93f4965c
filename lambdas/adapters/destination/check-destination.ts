import { isPublicAddress } from '../../core/destination/public-address.ts';
import {
  type DestinationHop,
  type DestinationOutcome,
  type DestinationReport,
  withSamples,
} from '../../core/destination/report.ts';
import { type Asked, type Asking, ask, bare } from './ask.ts';
import { NoSuchHostError, type Resolve, ResolverSilentError, resolveByDns } from './resolve.ts';

export interface CheckOptions {
  /** @default DNS */
  readonly resolve?: Resolve;
  /** @default the endpoint itself */
  readonly dial?: Asking['dial'];
  /** Time for everything, ms. @default 5000 */
  readonly timeoutMs?: number;
  /** Certificates that are trusted beside the usual ones. @default none */
  readonly ca?: string;
}

/** URLs asked at most, the first included. */
const MAX_HOPS = 5;
const TIMEOUT_MS = 5_000;
const PORTS = new Set(['', '80', '443']);
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Answers to machines that say nothing about people. */
const GUARDED = new Set([401, 403, 407, 421, 425, 429, 451]);
/** Errors that say that this network has no way there. */
const NO_WAY = new Set(['ENETUNREACH', 'EAFNOSUPPORT', 'EADDRNOTAVAIL']);

/** Ends a check with what it found. */
class Verdict extends Error {
  readonly outcome: DestinationOutcome;
  constructor(outcome: DestinationOutcome, message: string) {
    super(message);
    this.outcome = outcome;
  }
}

/**
 * Asks whether a destination answers, as a visitor's browser would find it: along its redirects, each of which has to
 * lead to a public address on port 80 or 443. Never throws.
 */
export async function checkDestination(destination: string, options: CheckOptions = {}): Promise<DestinationReport> {
  const signal = AbortSignal.timeout(options.timeoutMs ?? TIMEOUT_MS);
  const hops: DestinationHop[] = [];
  try {
    const { outcome, message } = await withinTime(walk(withSamples(destination), hops, signal, options), signal);
    return { outcome, message, hops };
  } catch (error) {
    const { outcome, message } = error instanceof Verdict ? error : verdictOf(error);
    return { outcome, message, hops };
  }
}

async function walk(
  start: string,
  hops: DestinationHop[],
  signal: AbortSignal,
  { resolve = resolveByDns, dial = (endpoint) => endpoint, ca }: CheckOptions,
): Promise<Verdict> {
  let url = target(start, null);
  const asking = { dial, signal, ...(ca !== undefined && { ca }) };
  for (;;) {
    const address = await publicAddress(url, resolve);
    const hop = hops.push({ url: url.href, status: null }) - 1;
    const { status, location } = await headOrGet(url, address, asking);
    hops[hop] = { url: url.href, status };
    if (!REDIRECTS.has(status) || location === null) return finding(status);
    if (hops.length === MAX_HOPS)
      throw new Verdict('too_many_redirects', `redirects more than ${MAX_HOPS - 1} times: name the last page itself`);
    url = target(location, url);
  }
}

/** @throws Verdict where a visitor's browser may go, but a check must not */
function target(text: string, base: URL | null): URL {
  const url = URL.parse(text, base?.href);
  const from = base ? `redirects to ${text}, which ` : '';
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || !url.hostname)
    throw new Verdict('bad_url', `${from}is no http or https URL without credentials`);
  if (!PORTS.has(url.port)) throw new Verdict('bad_port', `${from}is on port ${url.port}; only 80 and 443 are checked`);
  return url;
}

/** Every address of the name has to be public, not only the one that is used. */
async function publicAddress(url: URL, resolve: Resolve): Promise<string> {
  const host = bare(url.hostname);
  const addresses = await resolve(host);
  const [first] = addresses;
  if (first === undefined) throw new NoSuchHostError(host);
  if (!addresses.every(isPublicAddress))
    throw new Verdict('not_public', `${host} leads to an address that is not on the public internet`);
  return first;
}

/** Many servers answer HEAD wrongly or not at all, so what it refuses is asked for in the usual way. */
async function headOrGet(url: URL, address: string, asking: Asking): Promise<Asked> {
  try {
    const asked = await ask('HEAD', url, address, asking);
    if (asked.status < 400) return asked;
  } catch (error) {
    if (!isDropped(error)) throw error;
  }
  return ask('GET', url, address, asking);
}

const codeOf = (error: unknown) => String((error as NodeJS.ErrnoException | null)?.code ?? '');
const isDropped = (error: unknown) => /^(ECONNRESET|EPIPE|HPE_\w+)$/.test(codeOf(error));

function finding(status: number): Verdict {
  if (status < 400) return new Verdict('ok', `answers with ${status}`);
  if (GUARDED.has(status)) return new Verdict('guarded', `answers with ${status}, which may be for machines only`);
  return new Verdict('error_status', `answers with ${status}: open it in a browser and correct it`);
}

function verdictOf(error: unknown): Pick<Verdict, 'outcome' | 'message'> {
  const code = codeOf(error);
  if (error instanceof NoSuchHostError)
    return { outcome: 'no_such_host', message: `there is no host ${error.message}` };
  if (error instanceof ResolverSilentError || NO_WAY.has(code))
    return { outcome: 'unchecked', message: 'could not be checked: this network does not reach it' };
  if (error instanceof Error && /^(AbortError|TimeoutError)$/.test(error.name))
    return { outcome: 'slow', message: 'did not answer in time: open it in a browser' };
  if (/^(ERR_TLS_|CERT_|ERR_SSL_|DEPTH_|SELF_SIGNED|UNABLE_TO_|EPROTO)/.test(code))
    return { outcome: 'bad_certificate', message: `has a certificate that browsers refuse (${code})` };
  return { outcome: 'unreachable', message: `does not answer (${code || 'connection failed'})` };
}

/** A name server's silence does not know the signal. */
function withinTime<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
  return Promise.race([work, late]);
}
