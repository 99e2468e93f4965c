import { randomBytes } from 'node:crypto';
import { Resolver } from 'node:dns/promises';
import { hasHttpsRecord } from './https-record.ts';

/** A CAA record as Node gives it: the property's name is a member. */
export type Caa = Readonly<Record<string, unknown>> & { readonly critical: number };

/** Name servers. Each question gives an empty list where there is no such record, and throws where nobody answers. */
export interface Dns {
  readonly a: (name: string) => Promise<readonly string[]>;
  readonly aaaa: (name: string) => Promise<readonly string[]>;
  readonly cname: (name: string) => Promise<readonly string[]>;
  readonly caa: (name: string) => Promise<readonly Caa[]>;
  /** Whether there is an HTTPS record; null where that could not be learned. */
  readonly hasHttps: (name: string) => Promise<boolean | null>;
}

export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

/** What the check of a domain has of the outside. */
export interface Network {
  readonly dns: Dns;
  /** Where an endpoint is really dialled; tests put their own servers here. */
  readonly dial: (endpoint: Endpoint) => Endpoint;
  /** Certificates that are trusted beside the usual ones. @default none */
  readonly ca?: string;
  /** A label that nobody has a record or a link for. */
  readonly unusedLabel: () => string;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

/** How long anything may take to answer, ms. */
export const PATIENCE_MS = 5_000;

/** The internet, asked past the operating system's cache. */
export function internet(now: () => number): Network {
  const resolver = new Resolver({ timeout: PATIENCE_MS / 2, tries: 2 });
  const orNone = async <T>(asked: Promise<T[]>): Promise<T[]> => {
    try {
      return await asked;
    } catch (error) {
      if (/^(ENOTFOUND|ENODATA)$/.test(String((error as NodeJS.ErrnoException).code))) return [];
      throw error;
    }
  };
  return {
    dns: {
      a: (name) => orNone(resolver.resolve4(name)),
      aaaa: (name) => orNone(resolver.resolve6(name)),
      cname: (name) => orNone(resolver.resolveCname(name)),
      caa: (name) => orNone(resolver.resolveCaa(name)) as Promise<Caa[]>,
      hasHttps: (name) => hasHttpsRecord(name, resolver.getServers()[0]),
    },
    dial: (endpoint) => endpoint,
    unusedLabel: () => `onehop-check-${randomBytes(4).toString('hex')}`,
    now,
  };
}
