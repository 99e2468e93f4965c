import { isDomainId } from '../lambdas/core/host.ts';

/** Tells whether a host is a short domain that was set up; asked only for hosts that are not plainly local. */
export type IsDomain = (host: string) => Promise<boolean>;

const LOCAL = /^(localhost|127\.0\.0\.1|\[::1\]|([a-z0-9-]{1,63}\.){1,8}localhost)$/;
const REMEMBERED = 1_000;
const REMEMBER_MS = 2_000;

/** Host name of a Host header, in lower case and without port. */
export function hostOf(header: string | undefined): string {
  return (header ?? '').toLowerCase().replace(/:\d{1,5}$/, '');
}

/** True for names that always lead to this machine. */
export function isLocalHost(host: string): boolean {
  return LOCAL.test(host);
}

/**
 * The list of hosts we answer. Without it a web page could point a name of its own at 127.0.0.1 and talk to us in the
 * name of whoever opens it (DNS rebinding).
 */
export class HostList {
  readonly #isDomain: IsDomain;
  readonly #known = new Map<string, { readonly answer: Promise<boolean>; readonly until: number }>();

  constructor(isDomain: IsDomain) {
    this.#isDomain = isDomain;
  }

  /** Whether requests for this host are answered; local names are told at once, others from the domains set up. */
  allows(host: string): boolean | Promise<boolean> {
    if (isLocalHost(host)) return true;
    return isDomainId(host) && host !== 'default' && this.#ask(host);
  }

  #ask(host: string): Promise<boolean> {
    const known = this.#known.get(host);
    if (known && performance.now() < known.until) return known.answer;
    if (this.#known.size >= REMEMBERED) this.#known.clear();
    const answer = this.#isDomain(host).catch(() => false);
    this.#known.set(host, { answer, until: performance.now() + REMEMBER_MS });
    return answer;
  }
}

/** What a person reads who came with another name. */
export function misdirected(host: string): string {
  return `421 Misdirected Request: "${host.slice(0, 100)}" is not a host of this local system. Use localhost, 127.0.0.1, a name under .localhost, or set the domain up first (PUT /v1/domains/<host>).\n`;
}
