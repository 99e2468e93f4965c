import { text as readText } from 'node:stream/consumers';
import type { Command } from 'commander';
import { amount, currency as currencyField } from '../../lambdas/core/entities/fields.ts';
import { CliError } from '../cli-error.ts';
import { printRows } from '../output.ts';
import type { Price } from '../sms/cost.ts';
import { type Facts, gatherFacts } from '../sms/facts.ts';
import { preview } from '../sms/preview.ts';
import { previewText, wordingRows } from '../sms/preview-text.ts';
import { originOf, sampleValues } from '../sms/sample-values.ts';
import { parseTemplate, type Values } from '../sms/template.ts';
import type { Terminal } from '../terminal.ts';

const HELP = `
{link} becomes a short URL as long as a real one, {promo} a code of the campaign's form; other placeholders take --sample, or
with --list the longest value of their column. Characters are counted as phones do: ^ { } \\ [ ~ ] | and the euro sign are
two in GSM-7, most emoji two in UCS-2.

Examples:
  $ onehop preview "Summer sale: 20% off until Sunday {link}"
  $ onehop preview "Hi {first_name}, your code is {promo} {link}" --link 12 --list people.csv
  $ onehop preview "Sale! {link}" --domain go.brand.com --list-size 1000000 --price-per-part 0.0079 --currency USD
  $ onehop preview "Sale! {link}" --compare brnd.co,b.link --json
  $ onehop preview - < message.txt`;

interface Flags {
  readonly stage?: string;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly link?: string;
  readonly campaignId?: string;
  readonly domain?: string;
  readonly compare?: string;
  readonly sample: Values;
  readonly list?: string;
  readonly listSize?: string;
  readonly pricePerPart?: string;
  readonly currency?: string;
}

/** `preview`: what a text costs before it is sent. */
export function addPreviewCommand(program: Command, terminal: Terminal): void {
  program
    .command('preview <text>')
    .description('show encoding, parts and cost of a text, and what would save; - reads it from standard input')
    .option('--link <link_no>', 'the link that {link} stands for')
    .option('--campaign-id <id>', 'campaign of {promo} and of the price')
    .option('--domain <domain>', 'short domain of {link}; the default one if not given')
    .option('--compare <domains>', 'further domains to compare, separated by commas')
    .option('--sample <name=value>', 'value of a placeholder; may be repeated', collectSample, {})
    .option('--list <file.csv>', 'the list it goes to: counts every row with its own values')
    .option('--list-size <n>', 'how many people it goes to')
    .option('--price-per-part <price>', 'what a part costs, such as 0.0079; the campaign’s or account’s if not given')
    .option('--currency <code>', 'currency of that price')
    .addHelpText('after', HELP)
    .action(async (text: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals<Flags>();
      checkFlags(flags);
      await run(text === '-' ? (await readText(terminal.stdin)).replace(/\r?\n$/, '') : text, flags, terminal);
    });
}

async function run(text: string, flags: Flags, terminal: Terminal): Promise<void> {
  if (text === '') throw new CliError('the text is empty: try "onehop preview --help"');
  const template = parseTemplate(text);
  const facts = await gatherFacts(flags, terminal);
  const hasList = flags.list !== undefined;
  const result = await preview({
    template,
    values: sampleValues(template, { ...flags, hasList }, facts),
    origins: [...facts.origins, ...compared(flags, facts)],
    list: flags.list ?? null,
    listSize: flags.listSize === undefined ? null : Number(flags.listSize),
    price: priceOf(flags, facts),
  });
  for (const note of facts.notes) terminal.stderr.write(`${note}\n`);
  if (flags.json) terminal.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  else if (flags.csv) printRows(result.wordings as unknown as Record<string, unknown>[], flags, terminal);
  else {
    terminal.stdout.write(`${previewText(result)}\n`);
    printRows(wordingRows(result), flags, terminal);
  }
}

function compared({ compare, domain }: Flags, { origins }: Facts): string[] {
  const domains = [...(domain ? [domain] : []), ...(compare?.split(',') ?? [])];
  return [...new Set(domains.map((name) => originOf(name, origins)))].filter((origin) => !origins.includes(origin));
}

function priceOf({ pricePerPart, currency }: Flags, facts: Facts): Price | null {
  if (pricePerPart === undefined) return facts.price;
  return { perPart: pricePerPart, currency: currency ?? facts.price?.currency ?? facts.currency };
}

/** @throws CliError with every flag that cannot be read */
function checkFlags({ domain, compare, list, listSize, pricePerPart, currency }: Flags): void {
  const domains = [...(domain ? [domain] : []), ...(compare?.split(',') ?? [])];
  const faults = [
    ...domains.filter((name) => !isDomain(name)).map((name) => `${name} is not a domain such as go.brand.com`),
    ...(list !== undefined && listSize !== undefined ? ['give one of --list and --list-size'] : []),
    ...(listSize === undefined || /^[1-9]\d{0,9}$/.test(listSize) ? [] : ['--list-size: a whole number from 1']),
    ...(pricePerPart === undefined || amount.safeParse(pricePerPart).success
      ? []
      : ['--price-per-part: a decimal number such as 0.0079']),
    ...(currency === undefined || currencyField.safeParse(currency).success ? [] : ['--currency: a code such as USD']),
    ...(currency !== undefined && pricePerPart === undefined ? ['--currency goes with --price-per-part'] : []),
  ];
  if (faults.length > 0) throw new CliError('some flags cannot be read', faults);
}

const isDomain = (name: string) => /^(https?:\/\/)?[a-z0-9-]+(\.[a-z0-9-]+)*(:\d+)?$/i.test(name);

function collectSample(entry: string, all: Values): Values {
  const at = entry.indexOf('=');
  if (at < 1) throw new CliError(`--sample ${entry} is not of the form name=value`);
  return { ...all, [entry.slice(0, at)]: entry.slice(at + 1) };
}
