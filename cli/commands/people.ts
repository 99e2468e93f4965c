import type { Command } from 'commander';
import { toCsv } from '../../lambdas/core/reports/csv.ts';
import { type Body, Client } from '../client.ts';
import { type ConnectionOptions, connectionOf } from '../connection.ts';
import { type OutputOptions, printEntity, printRows } from '../output.ts';
import { settled } from '../settled.ts';
import type { Terminal } from '../terminal.ts';

type Person = Readonly<Record<string, unknown>>;

/** People asked for at a time. */
const PAGE_SIZE = '10000';
const TIMELINE_COLUMNS = ['ts', 'kind', 'campaign_id', 'message_id', 'link_no', 'outcome', 'actor', 'detail'];
const PEOPLE_COLUMNS = ['subscriber_id', 'arm', 'segment', 'message_ids', 'clicks', 'last_click_at', 'conversions'];

const PEOPLE_HELP = `
Holdouts are listed only with --arm holdout or --all-arms. Rows come from the lake, which has them some minutes after
they happened.

Examples:
  $ onehop campaign recipients summer_sale --clicked --not-converted --csv > remind.csv
  $ onehop campaign recipients welcome --not-clicked --message-id welcome-1 --label vip --json`;

interface PeopleFlags extends ConnectionOptions, OutputOptions {
  readonly clicked?: true;
  readonly notClicked?: true;
  readonly converted?: true;
  readonly notConverted?: true;
  readonly arm?: string;
  readonly allArms?: true;
  readonly segment?: string;
  readonly messageId?: string;
  readonly linkNo?: string;
  readonly label?: string;
}

/** `subscriber show|label|unlabel` and `campaign recipients`: who is who, and whom to message next. */
export function addPeopleCommands(program: Command, terminal: Terminal): void {
  addSubscriberCommands(program.command('subscriber').description('look at people'), terminal);
  const campaign = program.commands.find((command) => command.name() === 'campaign');
  campaign
    ?.command('recipients <id>')
    .description('list people of a campaign to message next')
    .option('--clicked', 'only with a human click on any link of the campaign')
    .option('--not-clicked', 'only without one')
    .option('--converted', 'only with a conversion')
    .option('--not-converted', 'only without one')
    .option('--arm <arm>', 'only this arm')
    .option('--all-arms', 'holdouts too')
    .option('--segment <segment>', 'only minted on links of this segment')
    .option('--message-id <id>', 'only minted on links of this message; clicks count on any link of the campaign')
    .option('--link-no <n>', 'only minted on this link; clicks count on any link of the campaign')
    .option('--label <label>', 'only with this label')
    .addHelpText('after', PEOPLE_HELP)
    .action(async (id: string, _: unknown, self: Command) =>
      listPeople(id, self.optsWithGlobals<PeopleFlags>(), terminal),
    );
}

function addSubscriberCommands(command: Command, terminal: Terminal): void {
  const client = (flags: ConnectionOptions) => new Client(connectionOf(flags, terminal), terminal);
  const path = (id: string) => `/v1/subscribers/${encodeURIComponent(id)}`;
  command
    .command('show <id>')
    .description('show a subscriber and what happened, the newest first')
    .option('--from <date>', 'date or time the timeline begins with; 90 days ago if not given')
    .option('--to <date>', 'date (included) or time (excluded)')
    .option('--limit <n>', 'at most this many events', '50')
    .action(async (id: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const { from, to, limit } = flags;
      const { timeline, next_cursor, ...subscriber } = await settled(
        client(flags),
        path(id),
        { from, to, limit },
        terminal,
      );
      if (flags.json) return printEntity({ ...subscriber, timeline, next_cursor }, flags, terminal);
      if (!flags.csv) printEntity(subscriber, flags, terminal);
      printRows(timeline, flags, terminal, TIMELINE_COLUMNS);
    });
  for (const [verb, method, description] of [
    ['label', 'PUT', 'put a label on a subscriber'],
    ['unlabel', 'DELETE', 'take a label off a subscriber'],
  ] as const)
    command
      .command(`${verb} <id> <label>`)
      .description(description)
      .action(async (id: string, label: string, _: unknown, self: Command) => {
        const flags = self.optsWithGlobals();
        const { body } = await client(flags).call(method, `${path(id)}/labels/${encodeURIComponent(label)}`);
        printEntity(body, flags, terminal);
      });
}

async function listPeople(id: string, flags: PeopleFlags, terminal: Terminal): Promise<void> {
  const client = new Client(connectionOf(flags, terminal), terminal);
  const { arm, segment, messageId: message_id, linkNo: link_no, label } = flags;
  const query = {
    ...{ arm, segment, message_id, link_no, label },
    clicked: eitherOf(flags.clicked, flags.notClicked),
    converted: eitherOf(flags.converted, flags.notConverted),
    arms: flags.allArms ? 'all' : undefined,
  };
  const pages = peopleOf(client, `/v1/campaigns/${encodeURIComponent(id)}/recipients`, query, terminal);
  if (flags.csv) return printCsv(pages, terminal);
  const people: Body[] = [];
  for await (const page of pages) people.push(...page);
  printRows(people, flags, terminal, PEOPLE_COLUMNS);
}

async function* peopleOf(
  client: Client,
  path: string,
  query: Readonly<Record<string, string | undefined>>,
  terminal: Terminal,
): AsyncGenerator<Person[]> {
  let cursor: string | undefined;
  do {
    const body = await settled(client, path, { ...query, cursor, limit: PAGE_SIZE }, terminal);
    yield body.recipients;
    cursor = body.next_cursor ?? undefined;
  } while (cursor);
}

/** Page by page, so that a list of any length needs no more memory than a page. */
async function printCsv(pages: AsyncIterable<Person[]>, { stdout }: Terminal): Promise<void> {
  let columns: string[] | undefined;
  for await (const page of pages) {
    const [first] = page;
    if (!first) continue;
    const text = toCsv(columns ?? Object.keys(first), page.map(flat));
    stdout.write(columns ? text.slice(text.indexOf('\r\n') + 2) : text);
    columns ??= Object.keys(first);
  }
}

/** Both flags together ask for nobody in particular. */
function eitherOf(yes: true | undefined, no: true | undefined): string | undefined {
  if (yes === no) return undefined;
  return String(yes === true);
}

/** Lists as one cell each. */
function flat(person: Person): Person {
  return Object.fromEntries(
    Object.entries(person).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
}
