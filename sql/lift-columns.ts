import type { ReportColumn } from './definitions.ts';

const figure = (name: string, unit: string, definition: string, additive = false): ReportColumn => ({
  name,
  unit,
  definition,
  additive,
});

/** Figures of the report `lift`; those of a comparison are null on the row of the control itself. */
export const liftFigures: readonly ReportColumn[] = [
  figure('control', 'arm', 'Arm the others are compared with'),
  figure('assigned', 'subscribers', 'Distinct subscribers by the arm of their first assignment, messaged or not', true),
  figure('converters', 'subscribers', 'Of these, those with an outcome within the window after their assignment', true),
  figure('conversions', 'conversions', 'Outcomes: conversions whose person identity alone names', true),
  figure('rate', 'ratio', 'converters / assigned'),
  figure(
    'revenue_per_subscriber',
    'money',
    'Net revenue of conversions whose person identity names, within the window, / assigned',
  ),
  figure(
    'currency',
    'ISO 4217',
    'Currency of the money columns; null where the experiment has several that the rates do not bring together',
  ),
  figure('diff', 'ratio', 'rate - rate of the control'),
  figure('low', 'ratio', 'Lower limit of the 95 % interval of diff (Newcombe, from Wilson limits)'),
  figure('high', 'ratio', 'Upper limit of the 95 % interval of diff'),
  figure(
    'p_value',
    'probability',
    'Of a diff at least as far from 0 without an effect: one minus the confidence at which that interval ends at 0',
  ),
  figure('relative_lift', 'ratio', 'diff / rate of the control; null where that rate is 0'),
  figure('relative_low', 'ratio', 'Lower limit of its 95 % interval (logarithm of the risk ratio)'),
  figure('relative_high', 'ratio', 'Upper limit of its 95 % interval'),
  figure('incremental_conversions', 'subscribers', 'diff × assigned: converters there would not have been'),
  figure('revenue_diff', 'money', 'revenue_per_subscriber - that of the control'),
  figure('revenue_low', 'money', 'Lower limit of its 95 % interval (Welch)'),
  figure('revenue_high', 'money', 'Upper limit of its 95 % interval (Welch)'),
  figure('revenue_p_value', 'probability', 'Of a revenue_diff at least as far from 0 without an effect (Welch)'),
  figure('incremental_revenue', 'money', 'revenue_diff × assigned'),
  figure(
    'cost',
    'money',
    'What messages of the experiment’s campaigns to the arm cost, within the window; null where no price of any is known, and where the campaigns have totals of days, which name nobody',
  ),
  figure(
    'cost_per_incremental',
    'money',
    'cost / incremental_conversions; null unless cost is known and the interval of diff is above 0',
  ),
  figure(
    'mde_80',
    'ratio',
    'Smallest diff that arms of these sizes would show in four of five experiments, at the rate of the control',
  ),
  figure(
    'srm_p',
    'probability',
    'Chance of arms as far from the planned sizes if assignment is sound; under 0.001 trust nothing here',
  ),
  figure(
    'interim',
    'boolean',
    'True until the experiment has ended and the last window has closed: do not decide on it',
  ),
  figure(
    'conversions_one_arm',
    'conversions',
    'Outcomes that only a click or a code tells: they cannot be seen in an arm without messages, and are left out',
    true,
  ),
  figure('sources_left_out', 'list', 'Sources that never tell who, so that nothing of them can be seen in the control'),
  figure(
    'reason',
    'code',
    '`outcome_unobservable_in_control` where sources are left out, `no_control` where the control arm has nobody; else null',
  ),
];
