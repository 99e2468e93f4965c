import { Argument, type Command, InvalidArgumentError, Option } from 'commander';
import { type ConnectionOptions, originOf } from '../connection.ts';
import type { SnippetKind } from '../snippet/build.ts';
import type { Terminal } from '../terminal.ts';

const HELP = `
Prints a script for the pages a link leads to; paste it before </head>. It keeps the click id that the redirect appended,
puts it into forms, and tells the e-mail address or phone number of a form that has the attribute data-onehop-identify.
The Shopify script also writes it into the cart. docs/landing-page.md describes every attribute.

Examples:
  $ onehop snippet html > snippet.html
  $ onehop snippet html --stage prod --days 30 --hosts checkout.example,book.example
  $ onehop snippet shopify --stage prod --consent`;

interface Flags extends ConnectionOptions {
  readonly days: number;
  readonly hosts?: readonly string[];
  readonly param: string;
  readonly consent?: boolean;
  readonly identify: boolean;
  readonly api?: string;
}

/** `snippet`: the landing page's part of the bridge from click to person. */
export function addSnippetCommand(program: Command, terminal: Terminal): void {
  program
    .command('snippet')
    .description('print the script for landing pages or a Shopify theme')
    .addArgument(new Argument('<kind>', 'for which pages').choices(['html', 'shopify']))
    .addOption(new Option('--days <n>', 'how long a click id is kept').default(90).argParser(daysOf))
    .option('--hosts <hosts>', 'other hosts whose links and forms get the click id, separated by commas', hostsOf)
    .option('--param <name>', 'query parameter that holds the click id', 'click_id')
    .option('--consent', 'keep nothing before onehop.consent(true) is called')
    .option('--no-identify', 'tell nobody what is typed into forms')
    .option('--api <origin>', 'origin of the API, if it is not the one of the stage')
    .addHelpText('after', HELP)
    .action(async (kind: SnippetKind, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals<Flags>();
      // Only this command needs the bundler.
      const { snippetOf } = await import('../snippet/build.ts');
      const text = await snippetOf({
        kind,
        api: flags.identify ? (flags.api ?? originOf(flags, terminal)).replace(/\/$/, '') : null,
        days: flags.days,
        hosts: flags.hosts ?? [],
        param: flags.param,
        needsConsent: flags.consent ?? false,
      });
      terminal.stdout.write(text);
    });
}

function daysOf(text: string): number {
  const days = Number(text);
  // Longer than /identify believes a click.
  if (!Number.isInteger(days) || days < 1 || days > 90)
    throw new InvalidArgumentError('must be a whole number from 1 to 90.');
  return days;
}

function hostsOf(text: string): string[] {
  const hosts = text
    .split(',')
    .map((host) => host.trim().toLowerCase())
    .filter((host) => host !== '');
  const wrong = hosts.find((host) => !/^[a-z0-9.-]+(:\d+)?$/.test(host));
  if (wrong !== undefined) throw new InvalidArgumentError(`${wrong} is not a host such as shop.example.`);
  return hosts;
}
