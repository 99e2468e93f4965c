import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import type { Body, Client } from '../client.ts';
import { checkDomain, isLocalName } from '../domain-check/check-domain.ts';
import { about, type Finding } from '../domain-check/finding.ts';
import { internet } from '../domain-check/network.ts';
import { printRows } from '../output.ts';
import { dnsTargetOf } from '../stage.ts';
import type { Terminal } from '../terminal.ts';

const EXAMPLES = `
Looks at the records, certificate, redirects and headers of a name as the world sees them; one line a finding.
Asks for a code that exists and for one that does not; both are in the clicks, as a bot's.

Examples:
  $ onehop domain check go.brand.com --stage prod
  $ onehop domain check go.brand.com --stage prod --code summer --json
  $ onehop domain check go.localhost`;

/** `domain check`: what keeps a short domain from working, and what to do. */
export function addDomainCheck(
  command: Command,
  client: (flags: { stage?: string }) => Client,
  terminal: Terminal,
): void {
  command
    .command('check <name>')
    .description('check DNS, certificate, redirect, headers and fallback of a short domain')
    .option('--code <slug>', 'a slug to try (default: an active link of the account)')
    .addHelpText('after', EXAMPLES)
    .action(async (given: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const name = given.toLowerCase().replace(/\.$/, '');
      const account = await lookUp(name, () => client(flags));
      const stack = await target(name, flags.stage);
      const code = flags.code ?? account.code;
      const found = await checkDomain({ ...account, name, target: stack.target, code }, internet(terminal.now));
      const findings = [...account.findings, ...stack.findings, ...found];
      if (flags.json || flags.csv)
        printRows(
          findings.map((finding) => ({ ...finding })),
          flags,
          terminal,
        );
      else terminal.stdout.write(findings.map(lineOf).join(''));
      const failed = findings.filter(({ level }) => level === 'FAIL').length;
      if (failed > 0) throw new CliError(`${name} does not work as it should: ${failed} FAIL, see above`);
    });
}

interface Account {
  readonly origin: string;
  readonly code: string | null;
  readonly findings: readonly Finding[];
}

/** What the account knows of the name, and a link to try. */
async function lookUp(name: string, connect: () => Client): Promise<Account> {
  const { ok, info, warn, fail } = about('account');
  try {
    const client = connect();
    const known = await client.ask('GET', `/v1/domains/${encodeURIComponent(name)}`);
    const link = await linkToTry(name, client);
    const { origin } = new URL(link?.url ?? `https://${name}`);
    const state =
      known.status === 200 && known.body.status === 'active'
        ? ok('is a domain of this account')
        : known.status === 200
          ? warn('is archived in this account', `npx onehop domain update ${name} --status active`)
          : isLocalName(name) || origin.endsWith('.cloudfront.net')
            ? info('is the name that links without a domain have')
            : fail('is not a domain of this account', 'add it to domains in onehop.config.ts and run "npm run deploy"');
    return { origin, code: link?.slug ?? null, findings: [state] };
  } catch (error) {
    const origin = isLocalName(name) ? `http://${name}:8080` : `https://${name}`;
    return { origin, code: null, findings: [info(`could not be asked: ${(error as Error).message}`)] };
  }
}

/** An active slug link that this name serves: one of its own, else one of every domain. */
async function linkToTry(name: string, client: Client): Promise<Body | undefined> {
  const query = { status: 'active', personal: 'false' };
  const own = await client.list('/v1/links', 'links', { ...query, domain: name }, 20);
  const usable = own.find(({ url, starts_at }) => url && !starts_at && new URL(url).hostname === name);
  if (usable) return usable;
  const others = await client.list('/v1/links', 'links', query, 50);
  const shared = others.find(({ domain, starts_at }) => domain === null && !starts_at);
  if (!shared) return undefined;
  const { protocol, port } = new URL(shared.url);
  return { ...shared, url: `${protocol}//${name}${port && `:${port}`}/${shared.slug}` };
}

async function target(name: string, stage: string | undefined) {
  if (stage === undefined) return { target: null, findings: [] };
  try {
    return { target: await dnsTargetOf(stage, name), findings: [] };
  } catch (error) {
    return { target: null, findings: [about('stack').info(`could not be read: ${(error as Error).message}`)] };
  }
}

function lineOf({ level, check, detail, todo, record }: Finding): string {
  const indent = ' '.repeat(7);
  const more = [todo, record].filter((text) => text !== undefined).map((text) => `${indent}→ ${text}\n`);
  return `${level.padEnd(6)} ${check}: ${detail}\n${more.join('')}`;
}
