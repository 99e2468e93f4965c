import type { Command } from 'commander';
import { Client } from '../client.ts';
import { connectionOf } from '../connection.ts';
import { mappingOf } from '../import/columns.ts';
import { conversions, type ImportKind, sends, sendTotals, touches } from '../import/kinds.ts';
import { reportImport, runImport } from '../import/run-import.ts';
import type { Terminal } from '../terminal.ts';

const KINDS: readonly ImportKind[] = [sends, sendTotals, touches, conversions];

const EXAMPLES: Readonly<Record<string, string>> = {
  sends: `
Times are RFC 3339, epoch seconds or milliseconds, or a date and time, which is then UTC. Twilio's words for a status are known too.

Examples:
  $ onehop import sends receipts.csv
  $ onehop import sends twilio.csv --map Sid=id --map Status=type --map SentDate=ts --map NumSegments=parts --map Price=price \\
      --set currency=USD --set message_id=welcome-1 --map Tag=subscriber_id`,
  'sends-totals': `
Examples:
  $ onehop import sends-totals november.csv
  $ onehop import sends-totals report.csv --map Messages=sent --set campaign_id=autumn --set currency=EUR`,
  touches: `
A person is named by subscriber_id, customer_id, email or phone; kind is click, view or delivery, a click where nothing is said.

Examples:
  $ onehop import touches mail-clicks.csv --set channel=email
  $ onehop import touches ads.csv --map Clicked=ts --map gclid=id --map Customer=customer_id --set channel=search --set campaign_id=brand`,
  conversions: `
Each row is read as a postback of its source is: the same order or transaction again changes it, and never counts twice.

Examples:
  $ onehop import conversions orders.csv --set source=shop
  $ onehop import conversions orders.csv --map 'Order number=order_id' --map Total=amount --map Email=email --map 'Paid at=ts' --set event=sale
  $ printf 'ts,order_id,email,amount,currency\\n2026-11-03T10:00:00Z,A-1,ann@example.com,49.90,USD\\n' | onehop import conversions -`,
};

/** `import`: lists of what happened elsewhere. */
export function addImportCommand(program: Command, terminal: Terminal): void {
  const command = program.command('import').description('import lists of what happened elsewhere');
  for (const kind of KINDS) addKind(command, kind, terminal);
}

const collect = (value: string, all: readonly string[]) => [...all, value];

function addKind(command: Command, kind: ImportKind, terminal: Terminal): void {
  command
    .command(`${kind.name} <file>`)
    .description(`import ${kind.summary}`)
    .option('--map <column=field>', 'the field that a column holds; may be repeated', collect, [])
    .option('--set <field=value>', 'a value that every row has; may be repeated', collect, [])
    .option('--rejects <file>', 'where rows with faults go; beside the list if not given')
    .addHelpText(
      'after',
      `
The list is CSV with a header: comma, semicolon or tab, UTF-8; - is standard input. A column named like a field is that field; others are passed
over. Fields: ${kind.fields.join(', ')}.
A row with a fault never stops the others. Importing a list again does no harm.
${EXAMPLES[kind.name]}`,
    )
    .action(async (path: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const list = path === '-' ? 'import' : path.replace(/\.\w+$/, '');
      const rejects = flags.rejects ?? `${list}.rejects.csv`;
      const mapping = mappingOf(flags.map, flags.set, kind.fields);
      const client = new Client(connectionOf(flags, terminal), terminal);
      const count = await runImport({ kind, path, mapping, rejects, client, terminal });
      reportImport(count, rejects, terminal);
    });
}
