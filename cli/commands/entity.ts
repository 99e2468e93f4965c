import type { Command } from 'commander';
import type { z } from 'zod';
import { campaignInput } from '../../lambdas/core/entities/campaign.ts';
import { domainInput } from '../../lambdas/core/entities/domain.ts';
import { experimentInput } from '../../lambdas/core/entities/experiment.ts';
import { offerInput } from '../../lambdas/core/entities/offer.ts';
import { sourceInput } from '../../lambdas/core/entities/source.ts';
import { CliError } from '../cli-error.ts';
import { Client } from '../client.ts';
import { connectionOf } from '../connection.ts';
import { addFieldFlags, bodyFromFlags } from '../fields.ts';
import { guardedUpdate } from '../guarded-update.ts';
import { addHistoryCommand } from '../history.ts';
import { printEntity, printRows } from '../output.ts';
import { printSource } from '../source/print.ts';
import type { Terminal } from '../terminal.ts';
import { addDomainCheck } from './domain-check.ts';
import { addSourceCommands } from './source.ts';

interface Noun {
  readonly name: string;
  readonly input: z.ZodType;
  /** Columns of the list. */
  readonly columns: readonly string[];
  /** An id as examples show it. */
  readonly example: string;
  /** Flags of the example that creates one. @default a name */
  readonly flags?: string;
  /** Flags of the example that changes one. @default a fallback URL */
  readonly update?: string;
  /** Whether it can be paused. */
  readonly pausable: boolean;
  /** What its verbs come to, and when. @default every edge obeys within 30 seconds */
  readonly verbs?: Readonly<Record<Verb, string>>;
  /** How one is shown. @default its fields line by line */
  readonly print?: typeof printEntity;
}

type Verb = 'pause' | 'resume' | 'archive';

const SOURCE_VERBS: Readonly<Record<Verb, string>> = {
  pause:
    'from ten seconds later at the latest what it sends is ignored: answered and archived, but counted neither then nor later',
  resume: 'what it sends from now on counts; what came while it was paused stays ignored',
  archive: 'what it sends from now on is refused',
};

const NOUNS: readonly Noun[] = [
  {
    name: 'campaign',
    input: campaignInput,
    columns: ['id', 'name', 'status', 'currency', 'fallback_url'],
    example: 'summer_sale',
    pausable: true,
  },
  {
    name: 'offer',
    input: offerInput,
    columns: ['id', 'name', 'status', 'destination', 'fallback_offer_id'],
    example: 'shoes',
    pausable: true,
  },
  {
    name: 'domain',
    input: domainInput,
    columns: ['id', 'name', 'status', 'fallback_url'],
    example: 'go.brand.com',
    pausable: false,
  },
  {
    name: 'experiment',
    input: experimentInput,
    columns: ['id', 'name', 'status', 'scope', 'starts_at', 'ends_at', 'assigned_at'],
    example: 'autumn_holdout',
    pausable: false,
  },
  {
    name: 'source',
    input: sourceInput,
    columns: ['id', 'name', 'profile', 'kind', 'status', 'postback_url'],
    example: 'twilio',
    flags: '--profile twilio --secret-file token.txt',
    update: '--secret-file -',
    pausable: true,
    verbs: SOURCE_VERBS,
    print: printSource,
  },
];

/** `campaign`, `offer`, `domain`, `experiment` and `source`: create, update, show, list, history, pause, resume, archive. */
export function addEntityCommands(program: Command, terminal: Terminal): void {
  for (const noun of NOUNS) addNoun(program, noun, terminal);
}

function addNoun(program: Command, noun: Noun, terminal: Terminal): void {
  const { name, input, columns, example, print = printEntity } = noun;
  const command = program.command(name).description(`work with ${name}s`);
  const path = (id: string) => `/v1/${name}s/${encodeURIComponent(id)}`;
  const client = (flags: { stage?: string }) => new Client(connectionOf(flags, terminal), terminal);

  addFieldFlags(command.command('create <id>').description(`create a ${name}`), input)
    .addHelpText('after', `\nExample:\n  $ onehop ${name} create ${example} ${noun.flags ?? `--name 'A name'`}`)
    .action(async (id: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const existing = await client(flags).ask('GET', path(id));
      if (existing.status === 200)
        throw new CliError(`the ${name} ${id} exists already: change it with "onehop ${name} update ${id}"`);
      const { body } = await client(flags).call('PUT', path(id), { body: await bodyFromFlags(flags, input, terminal) });
      print(body, flags, terminal);
    });

  addFieldFlags(command.command('update <id>').description(`change fields of a ${name}; null clears one`), input)
    .option('--if-revision <n>', 'only where it has not changed since this revision of its history')
    .addHelpText(
      'after',
      `\nExample:\n  $ onehop ${name} update ${example} ${noun.update ?? '--fallback-url https://brand.example/'}`,
    )
    .action(async (id: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const body = await bodyFromFlags(flags, input, terminal);
      print(await guardedUpdate(client(flags), path(id), body, flags.ifRevision), flags, terminal);
    });
  addHistoryCommand(command, 'id', path, client, terminal);
  if (name === 'domain') addDomainCheck(command, client, terminal);
  if (name === 'source') addSourceCommands(command, client, terminal);

  command
    .command('show <id>')
    .description(`show a ${name}`)
    .action(async (id: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      print((await client(flags).call('GET', path(id))).body, flags, terminal);
    });

  command
    .command('list')
    .description(`list ${name}s`)
    .option('--limit <n>', 'at most this many', Number)
    .action(async (_: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      printRows(await client(flags).list(`/v1/${name}s`, `${name}s`, {}, flags.limit), flags, terminal, columns);
    });

  const verbs = noun.pausable
    ? ({ pause: 'paused', resume: 'active', archive: 'archived' } as const)
    : ({ archive: 'archived' } as const);
  for (const [verb, status] of Object.entries(verbs) as [Verb, string][])
    command
      .command(`${verb} <id>`)
      .description(`${verb} a ${name}; ${noun.verbs?.[verb] ?? 'every edge obeys within 30 seconds'}`)
      .action(async (id: string, __: unknown, self: Command) => {
        const flags = self.optsWithGlobals();
        print((await client(flags).call('PATCH', path(id), { body: { status } })).body, flags, terminal);
      });
}
