import { Command } from 'commander';
import { addAccountCommands } from './commands/account.ts';
import { addEntityCommands } from './commands/entity.ts';
import { addImportCommand } from './commands/import.ts';
import { addKeyCommands } from './commands/keys.ts';
import { addLinkCommands } from './commands/link.ts';
import { addMintCommand } from './commands/mint.ts';
import { addOperationCommands } from './commands/operations.ts';
import { addPeopleCommands } from './commands/people.ts';
import { addPreviewCommand } from './commands/preview.ts';
import { addPromoCommands } from './commands/promo.ts';
import { addQuarantineCommands } from './commands/quarantine.ts';
import { addQueryCommands } from './commands/query.ts';
import { addRateCommands } from './commands/rates.ts';
import { addReplayCommand } from './commands/replay.ts';
import { addSnippetCommand } from './commands/snippet.ts';
import type { Terminal } from './terminal.ts';

const EXAMPLES = `
Examples:
  $ onehop link create --destination 'https://shop.example/?cid={click_id}' --slug summer --campaign-id summer_sale
  $ onehop link pause 4194304
  $ onehop preview "Summer sale, 20% off: {link}" --list-size 100000
  $ onehop report clicks --by campaign,creative --from 2026-06-01 --to 2026-06-07
  $ onehop sql "select campaign_id, count(*) from human_clicks where dt >= '2026-06-01' group by 1"
  $ onehop campaign list --stage prod --json

Without --stage the commands talk to the local mode (npm start), or to ONEHOP_API with ONEHOP_TOKEN.`;

/** The command line: every noun and verb over these streams. */
export function createProgram(terminal: Terminal): Command {
  const program = new Command('onehop')
    .description('SMS links, clicks and what they earned')
    .option('--stage <stage>', 'talk to this deployed stage (see: onehop login)')
    .option('--json', 'print JSON')
    .option('--csv', 'print CSV')
    .showHelpAfterError('Run with --help for usage and examples.')
    .showSuggestionAfterError(true)
    .addHelpText('after', EXAMPLES)
    .configureOutput({
      writeOut: (text) => terminal.stdout.write(text),
      writeErr: (text) => terminal.stderr.write(text),
    });
  addEntityCommands(program, terminal);
  addLinkCommands(program, terminal);
  addMintCommand(program, terminal);
  addPeopleCommands(program, terminal);
  addAccountCommands(program, terminal);
  addKeyCommands(program, terminal);
  addPreviewCommand(program, terminal);
  addImportCommand(program, terminal);
  addPromoCommands(program, terminal);
  addQuarantineCommands(program, terminal);
  addQueryCommands(program, terminal);
  addRateCommands(program, terminal);
  addSnippetCommand(program, terminal);
  addReplayCommand(program, terminal);
  addOperationCommands(program, terminal);
  inheritGlobals(program);
  return program;
}

/** Lets `--stage`, `--json` and `--csv` stand behind the verb, where people write them. */
function inheritGlobals(command: Command): void {
  for (const child of command.commands) {
    if (child.commands.length === 0)
      child
        .option('--stage <stage>', 'talk to this deployed stage')
        .option('--json', 'print JSON')
        .option('--csv', 'print CSV');
    child.copyInheritedSettings(command);
    inheritGlobals(child);
  }
}
