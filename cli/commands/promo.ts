import { existsSync, readFileSync } from 'node:fs';
import { type Command, Option } from 'commander';
import type { Campaign } from '../../lambdas/core/entities/campaign.ts';
import { SHOP_HOST, type Source } from '../../lambdas/core/entities/source.ts';
import { CliError } from '../cli-error.ts';
import { Client } from '../client.ts';
import { type ConnectionOptions, connectionOf } from '../connection.ts';
import { type OutputOptions, printEntity } from '../output.ts';
import { campaignCodes, mintedCodes, withFirst } from '../promo/campaign-codes.ts';
import { EXPORT_FORMATS, type ExportFormat, exportCodes } from '../promo/export.ts';
import { type PushResult, push } from '../promo/push.ts';
import { ShopifyAdmin } from '../shopify/admin.ts';
import type { Terminal } from '../terminal.ts';

const EXPORT_HELP = `
The format list is one code a line. The format shopify is a CSV file with the one column Code, which bulk discount apps
import. Codes come from the lake, which has them some minutes after they were minted; --file takes them from the output
of a mint at once.

Examples:
  $ onehop promo export --campaign-id welcome > codes.txt
  $ onehop promo export --campaign-id welcome --format shopify --out codes.csv
  $ onehop promo export --file minted.csv`;

const PUSH_HELP = `
Makes the discount in Shopify from the campaign's promo, or finds it, and adds every code that is not there yet; pushing
again adds only what is missing. A run that was interrupted goes on where it stopped.

The access token (of an app with the scopes read_discounts and write_discounts) comes from SHOPIFY_ADMIN_TOKEN or from a
file, never from a flag, which would stay in the shell's history.

--source names a source of profile shopify that knows its shop (shop_domain); the token it does not know.

Examples:
  $ SHOPIFY_ADMIN_TOKEN=$(pass show shopify) onehop promo push --campaign-id welcome --source shop
  $ SHOPIFY_ADMIN_TOKEN=$(pass show shopify) onehop promo push --campaign-id welcome --shop my-shop.myshopify.com
  $ onehop promo push --campaign-id welcome --shop my-shop.myshopify.com --token-file ~/.shopify-token --file minted.csv`;

/** Refused codes shown; the rest is a number. */
const SHOWN_FAILURES = 20;

interface Flags extends ConnectionOptions, OutputOptions {
  readonly campaignId?: string;
  readonly file?: string;
  readonly format: ExportFormat;
  readonly out?: string;
  readonly shop?: string;
  readonly source?: string;
  readonly tokenFile?: string;
  readonly discountId?: string;
  readonly title?: string;
}

/** `promo export` and `promo push`: a campaign's codes on their way to the shop. */
export function addPromoCommands(program: Command, terminal: Terminal): void {
  const promo = program.command('promo').description('take promo codes to a shop');
  promo
    .command('export')
    .description('write the promo codes of a campaign')
    .option('--campaign-id <id>', 'the campaign')
    .option('--file <minted.csv>', 'take the codes from the output of a mint')
    .addOption(new Option('--format <format>', 'layout').choices(EXPORT_FORMATS).default('list'))
    .option('--out <file>', 'write to a file; standard output if not given')
    .addHelpText('after', EXPORT_HELP)
    .action(async (_: unknown, self: Command) => runExport(self.optsWithGlobals<Flags>(), terminal));
  promo
    .command('push')
    .description('put the promo codes of a campaign into a Shopify shop')
    .requiredOption('--campaign-id <id>', 'the campaign, whose promo says what the codes are worth')
    .option('--source <id>', 'the source of profile shopify whose shop it is')
    .option('--shop <host>', 'the shop itself, such as my-shop.myshopify.com')
    .option('--token-file <file>', 'file that holds the access token')
    .option('--file <minted.csv>', 'take the codes from the output of a mint')
    .option('--title <text>', 'title of the discount; "Onehop <campaign>" if not given')
    .option('--discount-id <id>', 'add to this discount, whatever it gives')
    .addHelpText('after', PUSH_HELP)
    .action(async (_: unknown, self: Command) => runPush(self.optsWithGlobals<Flags>(), terminal));
}

function codesOf({ file, campaignId, ...flags }: Flags, terminal: Terminal): AsyncGenerator<string> {
  if (file !== undefined) return mintedCodes(file);
  if (campaignId === undefined) throw new CliError('say whose codes: --campaign-id X, or --file minted.csv');
  return campaignCodes(new Client(connectionOf(flags, terminal), terminal), campaignId, terminal);
}

async function runExport(flags: Flags, terminal: Terminal): Promise<void> {
  const whose = flags.file ?? `campaign ${flags.campaignId}`;
  const [, codes] = await withFirst(codesOf(flags, terminal), whose);
  const count = await exportCodes(codes, flags.format, flags.out, terminal);
  terminal.stderr.write(`${count} codes${flags.out === undefined ? '' : ` in ${flags.out}`}\n`);
}

async function runPush(flags: Flags, terminal: Terminal): Promise<void> {
  const client = new Client(connectionOf(flags, terminal), terminal);
  const shop = await shopOf(flags, client);
  const token = tokenOf(flags, terminal);
  const { campaignId = '', file, discountId } = flags;
  const { promo } = (await client.call('GET', `/v1/campaigns/${encodeURIComponent(campaignId)}`)).body as Campaign;
  if (!promo)
    throw new CliError(
      `campaign ${campaignId} has no promo: give it one with "onehop campaign update ${campaignId} --promo …"`,
    );
  const admin = new ShopifyAdmin({ shop, token, terminal });
  const title = flags.title ?? `Onehop ${campaignId}`;
  const codes = () => codesOf(flags, terminal);
  report(await push({ shop, admin, campaignId, promo, file, discountId, title, codes }, terminal), flags, terminal);
}

function report({ discount, counts, resumedAt }: PushResult, flags: Flags, terminal: Terminal): void {
  const { added, present, failed } = counts;
  const made = { discount_id: discount.id, title: discount.title, created: discount.isNew };
  printEntity({ ...made, added, present, failed: failed.length, resumed_at: resumedAt }, flags, terminal);
  if (resumedAt > 0)
    terminal.stderr.write(
      'codes minted since the interrupted run began may stand before its end: run this once more to add them\n',
    );
  if (failed.length > 0)
    throw new CliError(`${failed.length} codes are not in the discount`, [
      ...failed.slice(0, SHOWN_FAILURES).map(({ code, reason }) => `${code}: ${reason}`),
      ...(failed.length > SHOWN_FAILURES ? [`and ${failed.length - SHOWN_FAILURES} more`] : []),
    ]);
}

/** The shop that was named, or that of a source. @throws CliError */
async function shopOf({ shop, source }: Flags, client: Client): Promise<string> {
  if (shop !== undefined && source === undefined) return hostOf(shop);
  if (source === undefined || shop !== undefined)
    throw new CliError('say which shop: --source with a source of profile shopify, or --shop my-shop.myshopify.com');
  const { profile, shop_domain } = (await client.call('GET', `/v1/sources/${encodeURIComponent(source)}`))
    .body as Source;
  if (profile !== 'shopify') throw new CliError(`source ${source} is no Shopify shop: its profile is ${profile}`);
  if (shop_domain) return hostOf(shop_domain);
  throw new CliError(
    `source ${source} does not know its shop: "onehop source update ${source} --shop-domain my-shop.myshopify.com"`,
  );
}

/** @throws CliError where the text is no shop's own host: the token must not go anywhere else */
function hostOf(text: string): string {
  const host = text
    .toLowerCase()
    .replace(/^https:\/\//, '')
    .replace(/\/$/, '');
  if (SHOP_HOST.test(host)) return host;
  throw new CliError(`${text} is not a shop: write my-shop.myshopify.com, the name its admin pages are under`);
}

/** @throws CliError where there is no token */
function tokenOf({ tokenFile }: Flags, { env }: Terminal): string {
  if (tokenFile !== undefined && !existsSync(tokenFile)) throw new CliError(`there is no file ${tokenFile}`);
  const token = (tokenFile === undefined ? env.SHOPIFY_ADMIN_TOKEN : readFileSync(tokenFile, 'utf8'))?.trim();
  if (!token) throw new CliError('there is no access token: set SHOPIFY_ADMIN_TOKEN, or name a file with --token-file');
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new CliError('the access token has characters that no token has');
}
