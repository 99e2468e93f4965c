import { resolve } from 'node:path';
import { readSettings } from './settings.ts';
import type { System } from './system.ts';

type Name = 'ONEHOP_PORT' | 'ONEHOP_API_PORT' | 'ONEHOP_DATA';

/**
 * What to type before a command so that it finds a system: `NAME=value ` for each setting that is not the standard one, so nothing where
 * all are.
 */
export function shellSettings(
  { shortOrigin, apiOrigin, dataDir }: Pick<System, 'shortOrigin' | 'apiOrigin' | 'dataDir'>,
  ...names: readonly Name[]
): string {
  // A URL leaves out the port that its scheme implies.
  const portOf = (origin: string) => new URL(origin).port || '80';
  const values = { ONEHOP_PORT: portOf(shortOrigin), ONEHOP_API_PORT: portOf(apiOrigin), ONEHOP_DATA: dataDir };
  const standard = readSettings({});
  const isStandard = (name: Name) =>
    values[name] === (name === 'ONEHOP_DATA' ? resolve(standard[name]) : String(standard[name]));
  return names
    .filter((name) => !isStandard(name))
    .map((name) => `${name}=${values[name]} `)
    .join('');
}
