import { shellSettings } from '../../shell-settings.ts';
import type { System } from '../../system.ts';

/**
 * What to type to look around in a demo's folder: with the ports it was played on, since those are free, and where the API is then.
 * @param from day the play began, yyyy-MM-dd: reports of a week would miss most of it
 */
export function lookAround(system: Pick<System, 'shortOrigin' | 'apiOrigin' | 'dataDir'>, from: string): string {
  const { dataDir, apiOrigin } = system;
  return `Everything is in ${dataDir}; to look around, with the API at ${apiOrigin}:
  ${shellSettings(system, 'ONEHOP_PORT', 'ONEHOP_API_PORT', 'ONEHOP_DATA')}npm start
and beside it, with the day the demo began:
  ${shellSettings(system, 'ONEHOP_API_PORT', 'ONEHOP_DATA')}npx onehop report performance --by message --from ${from}
`;
}
