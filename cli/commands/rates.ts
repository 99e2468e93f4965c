import type { Command } from 'commander';
import { isDate } from '../../lambdas/core/rates-input.ts';
import { CliError } from '../cli-error.ts';
import { Client } from '../client.ts';
import { connectionOf } from '../connection.ts';
import { printRows } from '../output.ts';
import type { Terminal } from '../terminal.ts';

const DAY_MS = 86_400_000;
/** Days of one command at most. */
const MOST_DAYS = 366;

const HELP = `
Reports convert every amount at the rate of its own UTC day: each day needs rates, week-ends too. What is set for a day
replaces all that was set for it before. Reports know it once it has reached the lake, in five minutes at most.

Examples:
  $ onehop rates set 2026-06-15 --base USD EUR=0.92 JPY=157.3      # 1 USD is 0.92 EUR, or 157.3 JPY
  $ onehop rates set 2026-06-01 --to 2026-06-14 --base EUR USD=1.08
  $ onehop report performance --by message --currency EUR`;

/** `rates`: what brings money of several currencies into one. */
export function addRateCommands(program: Command, terminal: Terminal): void {
  program
    .command('rates')
    .description('exchange rates by day, for reports in one currency')
    .command('set <date> <rates...>')
    .description('set the rates of a day (UTC): what one unit of the base is worth in each currency')
    .requiredOption('--base <code>', 'currency of which one unit is priced, ISO 4217')
    .option('--to <date>', 'the same rates for every day up to this one')
    .addHelpText('after', HELP)
    .action(async (date: string, pairs: string[], _: unknown, self: Command) => {
      const flags = self.optsWithGlobals();
      const body = { base: flags.base.toUpperCase(), rates: ratesOf(pairs) };
      const days = daysBetween(date, flags.to ?? date);
      const client = new Client(connectionOf(flags, terminal), terminal);
      const set: Record<string, unknown>[] = [];
      for (const day of days) set.push((await client.call('PUT', `/v1/rates/${day}`, { body })).body);
      printRows(set.map(shown), flags, terminal);
    });
}

/** A row of a table for each day. */
const shown = ({ date, base, rates }: Record<string, unknown>) => ({ date, base, ...(rates as object) });

/** `EUR=0.92` by currency; the API says what is no rate. @throws CliError with every pair that cannot be read */
function ratesOf(pairs: readonly string[]): Record<string, string> {
  const read = pairs.map((pair) => /^([A-Za-z]{3})=(.+)$/.exec(pair) ?? pair);
  const wrong = read.filter((one) => typeof one === 'string');
  if (wrong.length > 0)
    throw new CliError(
      'some rates cannot be read',
      wrong.map((pair) => `${pair}: must be of the form EUR=0.92`),
    );
  return Object.fromEntries(read.flatMap((one) => (typeof one === 'string' ? [] : [[one[1]?.toUpperCase(), one[2]]])));
}

/** Every day from one to another, both included. @throws CliError where they are no days, or too many */
function daysBetween(from: string, to: string): string[] {
  const wrong = [from, to].find((date) => !isDate(date));
  if (wrong !== undefined) throw new CliError(`${wrong} is no date such as 2026-06-15`);
  const [first, last] = [Date.parse(from), Date.parse(to)];
  const count = (last - first) / DAY_MS + 1;
  if (count < 1) throw new CliError(`--to ${to} is before ${from}`);
  if (count > MOST_DAYS) throw new CliError(`${count} days are too many at once: at most ${MOST_DAYS}`);
  return Array.from({ length: count }, (_, at) => new Date(first + at * DAY_MS).toISOString().slice(0, 10));
}
