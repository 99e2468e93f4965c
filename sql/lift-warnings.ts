import { type Fault, fault } from '../lambdas/core/api/problem.ts';
import type { ReportRequest } from './definitions.ts';
import { isMixed } from './performance-money.ts';
import { currencyOf } from './performance-report.ts';

type Row = Readonly<Record<string, unknown>>;

/** Says why there is nothing, why costs are null or not whole, and where the rates do not bring currencies together. */
export function liftWarnings(rows: readonly Row[], request: ReportRequest): Fault[] {
  const of = (flag: string, code: string, why: string) => {
    const experiments = [...new Set(rows.flatMap((row) => (row[flag] ? [String(row.experiment)] : [])))];
    return experiments.map((experiment) => fault('cost', code, `experiment ${experiment}: ${why}`));
  };
  return [
    ...nothingWarnings(rows, request),
    ...mixedWarnings(rows, currencyOf(request)),
    ...of(
      'is_told_by_day',
      'cost_by_day',
      'messages of its campaigns are told as totals of days, which name nobody: what they cost cannot be put to arms, so cost and cost_per_incremental are null',
    ),
    ...of(
      'is_unpriced',
      'cost_unknown',
      'some of its messages have no known price: cost is what the others cost, null where no message of the arm has a price',
    ),
  ];
}

function mixedWarnings(rows: readonly Row[], wanted: string): Fault[] {
  const experiments = [...new Set(rows.filter(isMixed).map(({ experiment }) => String(experiment)))];
  const why = `money of several currencies, and no rates of every day into ${wanted}: its columns of money are null. Report performance with the same currency names the days; give their rates with PUT /v1/rates/{date} (onehop rates set)`;
  return experiments.map((experiment) => fault('currency', 'several_currencies', `experiment ${experiment}: ${why}`));
}

/** A filter that nothing fits is told apart: see lambdas/api/filter-warnings.ts. */
function nothingWarnings(rows: readonly Row[], { experiments = {}, filters, offset }: ReportRequest): Fault[] {
  const isFiltered = Object.values(filters).some((values) => values.length > 0);
  if (rows.length > 0 || isFiltered || offset > 0) return [];
  const isSetUp = Object.keys(experiments).length > 0;
  const message = isSetUp
    ? 'nobody was drawn into an arm in this range: subscribers are when their links are minted'
    : 'there is no experiment: set one up with PUT /v1/experiments/{id} (onehop experiment create) before links are minted; who is in no arm cannot be compared';
  return [fault('experiment', isSetUp ? 'nobody_drawn' : 'no_experiment', message)];
}
