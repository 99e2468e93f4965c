import { writeFileSync } from 'node:fs';
import { extname } from 'node:path';
import type { Command } from 'commander';
import { toString as toQrText } from 'qrcode';
import { CliError } from '../cli-error.ts';
import type { Body, Client } from '../client.ts';
import { printRows } from '../output.ts';
import type { Terminal } from '../terminal.ts';

type ClientOf = (flags: { stage?: string }) => Client;

const path = (linkNo: string) => `/v1/links/${encodeURIComponent(linkNo)}`;

/** `link qr` and `link check`. */
export function addLinkTools(command: Command, client: ClientOf, terminal: Terminal): void {
  command
    .command('qr <link_no>')
    .description('make the QR code of a link: a file, or on the terminal, or SVG on standard output')
    .option('--out <file>', 'write it to this .svg or .png file')
    .option('--size <pixels>', '128 to 2048 (default 512)')
    .option('--margin <modules>', 'quiet zone, 0 to 16 (default 4)')
    .addHelpText('after', '\nExample:\n  $ onehop link qr 4194304 --out poster.png --size 1024')
    .action(async (linkNo: string, _: unknown, self: Command) => {
      const { out, size, margin, ...flags } = self.optsWithGlobals();
      await showQr(linkNo, out, { size, margin }, client(flags), terminal);
    });

  command
    .command('check <link_no_or_url>')
    .description('look whether destinations answer; refuses addresses that are not public')
    .addHelpText(
      'after',
      "\nExamples:\n  $ onehop link check 4194304\n  $ onehop link check 'https://shop.example/sale'",
    )
    .action(async (subject: string, _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const found = await checkAll(subject, client(flags));
      printRows(found, flags, terminal, ['field', 'outcome', 'message', 'url']);
      if (found.some(({ outcome }) => !FINE.has(outcome))) throw new CliError('not everything answers: see above');
    });
}

const FINE = new Set(['ok', 'guarded']);

async function showQr(
  linkNo: string,
  out: string | undefined,
  query: Record<string, string | undefined>,
  client: Client,
  { stdout }: Terminal,
): Promise<void> {
  const type = out === undefined ? '.svg' : extname(out).toLowerCase();
  if (type !== '.svg' && type !== '.png') throw new CliError(`${out} must end in .svg or .png`);
  const picture = await client.download(`${path(linkNo)}/qr${type}`, query);
  if (out !== undefined) {
    writeFileSync(out, picture);
    stdout.write(`${out}\n`);
  } else if (stdout.isTTY) {
    const { url } = (await client.call('GET', path(linkNo))).body;
    stdout.write(`${await toQrText(url, { type: 'utf8' })}\n${url}\n`);
  } else stdout.write(picture);
}

/** Every destination of a link, its offers' among them, or the one URL. */
async function checkAll(subject: string, client: Client): Promise<Body[]> {
  const named = /^\d+$/.test(subject) ? await urlsOf(subject, client) : [{ field: 'url', url: subject }];
  const found: Body[] = [];
  for (const { field, url } of named) {
    const { body } = await client.call('POST', '/v1/links/check', { body: { url } });
    found.push({ field, ...body });
  }
  return found;
}

async function urlsOf(linkNo: string, client: Client): Promise<{ field: string; url: string }[]> {
  const link = (await client.call('GET', path(linkNo))).body;
  const targets: [string, Body][] = [
    ['', link],
    ...link.rules.map((rule: Body, at: number) => [`rules.${at}.`, rule]),
    ...link.split.map((arm: Body, at: number) => [`split.${at}.`, arm]),
  ];
  const own = targets.map(([place, target]) => [`${place}destination`, target.destination] as const);
  const offers = await Promise.all(
    targets
      .filter(([, { offer_id }]) => offer_id)
      .map(async ([place, { offer_id }]) => {
        const offer = await client.call('GET', `/v1/offers/${encodeURIComponent(offer_id)}`);
        return [`${place}offer_id ${offer_id}`, offer.body.destination] as const;
      }),
  );
  return [...own, ...offers, ['fallback_url', link.fallback_url] as const].flatMap(([field, url]) =>
    url ? [{ field, url }] : [],
  );
}
