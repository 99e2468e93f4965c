import { type Fault, fault, invalid } from '../../core/api/problem.ts';
import { BY_FIELDS, type ByField } from '../../core/recipients/columns.ts';
import { isPhoneCountry } from '../../core/recipients/identities.ts';
import type { RowRules } from '../../core/recipients/read-row.ts';

/** Query parameters of a mint. */
export const MINT_QUERY = {
  by: `fields of the link that columns give for each row, separated by commas: ${BY_FIELDS.join(', ')}; each combination gets a link of its own`,
  arms: 'all (if not given), or treatment: leave the holdout out of the answer',
  strict: 'true: mint nothing where any row is bad',
  country: 'country of phone numbers without a country code, such as US',
} as const;

export interface MintOptions {
  readonly by: readonly ByField[];
  /** True where the answer leaves the holdout out. */
  readonly isTreatmentOnly: boolean;
  readonly isStrict: boolean;
  readonly country: RowRules['country'];
}

/** @throws Problem 422 with every fault */
export function mintOptions(query: Readonly<Record<string, string>>): MintOptions {
  const { by = '', arms = 'all', strict = 'false', country = '' } = query;
  const fields = by.split(',').filter((field) => field !== '');
  const code = country.toUpperCase();
  const faults = [...unknownFaults(query), ...byFaults(fields), ...choiceFaults({ arms, strict })];
  if (code !== '' && !isPhoneCountry(code)) faults.push(fault('country', 'invalid', 'must be a country such as US'));
  if (faults.length > 0) throw invalid(faults);
  return {
    by: fields as ByField[],
    isTreatmentOnly: arms === 'treatment',
    isStrict: strict === 'true',
    country: isPhoneCountry(code) ? code : undefined,
  };
}

function unknownFaults(query: object): Fault[] {
  const unknown = Object.keys(query).filter((name) => !Object.hasOwn(MINT_QUERY, name));
  return unknown.map((name) => fault(name, 'unknown_parameter', `is not one of ${Object.keys(MINT_QUERY).join(', ')}`));
}

function byFaults(fields: readonly string[]): Fault[] {
  const wrong = fields.filter((field) => !(BY_FIELDS as readonly string[]).includes(field));
  const isRepeated = new Set(fields).size < fields.length;
  return [
    ...wrong.map((field) => fault('by', 'invalid', `${field} is not one of ${BY_FIELDS.join(', ')}`)),
    ...(isRepeated ? [fault('by', 'invalid', 'names a field twice')] : []),
  ];
}

function choiceFaults({ arms, strict }: { arms: string; strict: string }): Fault[] {
  return [
    ...(['all', 'treatment'].includes(arms) ? [] : [fault('arms', 'invalid', 'must be all or treatment')]),
    ...(['true', 'false'].includes(strict) ? [] : [fault('strict', 'invalid', 'must be true or false')]),
  ];
}
