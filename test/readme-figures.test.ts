import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

type Figure = readonly [name: string, factor: number];
type TableRow = readonly [row: string, result: string, figures: readonly Figure[]];

const MB = 1e-3;
const readme = readFileSync('README.md', 'utf8');
const figures = (result: string): Record<string, number> =>
  JSON.parse(readFileSync(`bench/results/${result}.json`, 'utf8')).figures;

const ofReport = (name: string): TableRow => [
  `report \`${name}\``,
  'reports',
  [
    [`${name}_large_s`, 1],
    [`${name}_large_cpu_s`, 1],
    [`${name}_large_peak_mb`, MB],
    [`${name}_athena_cents_tables_once`, 1],
  ],
];

/** Numbers of the second cell of a row, in their order, by the result and the figures they are taken from. */
const ROWS: readonly TableRow[] = [
  [
    'edge bundle',
    'bundle',
    [
      ['bundle_bytes', 1 / 1_024],
      ['load_ms', 1],
    ],
  ],
  ['deciding a tap', 'decision', [['p99_ms', 1]]],
  ['a personal code beyond a slug', 'decision', [['personal_over_slug_us', 1]]],
  [
    'personal codes made',
    'codes',
    [
      ['codes_per_s', 1],
      ['promo_codes_per_s', 1],
    ],
  ],
  ['CPU of a click', 'handler', [['cpu_per_click_ms', 1]]],
  [
    'local redirects, clicks written',
    'throughput',
    [
      ['in_process_per_second', 1],
      ['in_process_share_of_bare', 100],
    ],
  ],
  [
    'local redirects, clicks over',
    'throughput',
    [
      ['protocol_per_second', 1],
      ['protocol_share_of_bare', 100],
    ],
  ],
  ['rows stored', 'throughput', [['in_process_rows_per_request', 1]]],
  [
    'postbacks accepted',
    'postbacks',
    [
      ['accepted_per_second', 1],
      ['cpu_per_postback_ms', 1],
    ],
  ],
  [
    'entries in the ledger',
    'postbacks',
    [
      ['entries_per_accepted', 1],
      ['repeats_counted', 1],
    ],
  ],
  ['people minted', 'mint', [['new_rows_per_second', 1]]],
  ['the same list once more', 'mint', [['known_rows_per_second', 1]]],
  ofReport('attribution'),
  ofReport('performance'),
];

/** Half of the last digit that is told: zeros at the end of a whole number are rounding. */
function precisionOf(text: string): number {
  const [, decimals] = text.split('.');
  const zeros = /0*$/.exec(text.replaceAll(',', ''))?.[0].length ?? 0;
  return 10 ** (decimals === undefined ? (text === '0' ? 0 : zeros) : -decimals.length) / 2;
}

it.each(ROWS)('README says of “%s” what the stored result %s says', (row, result, expected) => {
  const [cell = ''] = readme.split('\n').flatMap((line) => (line.startsWith(`| ${row}`) ? [line.split('|')[2]] : []));
  const told = [...cell.matchAll(/\d(?:[\d,.]*\d)?/g)].map(([text]) => text);
  for (const [at, [name, factor]] of expected.entries()) {
    const text = told[at] ?? '';
    const value = (figures(result)[name] ?? Number.NaN) * factor;
    const off = Math.abs(Number(text.replaceAll(',', '') || Number.NaN) - value);
    expect(off, `${name}: ${text} for ${value}`).toBeLessThanOrEqual(precisionOf(text) + 1e-9);
  }
});
