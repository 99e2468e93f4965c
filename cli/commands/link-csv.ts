import { writeFileSync } from 'node:fs';
import type { Command } from 'commander';
import { CliError } from '../cli-error.ts';
import type { Client } from '../client.ts';
import { addFilterFlags, linkFilters } from '../link-filters.ts';
import { linksToCsv } from '../links-csv/cells.ts';
import { importLinks } from '../links-csv/import-links.ts';
import { printEntity } from '../output.ts';
import type { Terminal } from '../terminal.ts';

const IMPORT_HELP = `
Columns are named as the fields of a link; columns that are not there leave their fields alone, an empty cell clears one.
A row is the link of its external_id, else of its link_no, else a new one. Destinations are not looked at: see link check.

Examples:
  $ onehop link export --campaign-id autumn > links.csv
  $ onehop link import links.csv --dry-run
  $ onehop link import links.csv --as-new --stage prod`;

/** `link export` and `link import`. */
export function addLinkCsv(command: Command, client: (flags: { stage?: string }) => Client, terminal: Terminal): void {
  addFilterFlags(command.command('export').description('write links as CSV, slug links unless --personal true'))
    .option('--out <file>', 'write to this file instead of standard output')
    .action(async (_: unknown, self: Command) => {
      const { out, ...flags } = self.optsWithGlobals();
      const query = { personal: 'false', ...definedOf(linkFilters(flags)) };
      const csv = linksToCsv(await client(flags).list('/v1/links', 'links', query));
      if (out === undefined) terminal.stdout.write(csv);
      else writeFileSync(out, csv);
    });

  command
    .command('import <file>')
    .description('make and change links from a CSV file')
    .option('--dry-run', 'only say what would be done; references to offers and domains are not looked up')
    .option('--strict', 'import nothing where a row is faulty')
    .option('--as-new', 'pass over link_no and make new links, for another stage')
    .option('--rejects <file>', 'file for rows that were not imported (default: <file>.rejects.csv)')
    .addHelpText('after', IMPORT_HELP)
    .action(async (file: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const options = {
        dryRun: flags.dryRun === true,
        strict: flags.strict === true,
        asNew: flags.asNew === true,
        rejects: flags.rejects ?? `${file.replace(/\.csv$/i, '')}.rejects.csv`,
      };
      const summary = await importLinks(file, options, client(flags), terminal);
      printEntity({ ...summary }, flags, terminal);
      if (summary.rejected > 0) throw new CliError(`${summary.rejected} of ${summary.rows} rows were rejected`);
    });
}

const definedOf = (query: Readonly<Record<string, string | undefined>>) =>
  Object.fromEntries(Object.entries(query).filter(([, value]) => value !== undefined));
