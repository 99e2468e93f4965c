import type { System } from '../../system.ts';

/** Ports that nobody has to name. */
const STANDARD = { ONEHOP_PORT: '8080', ONEHOP_API_PORT: '8787' } as const;

/**
 * What to type to look around in a demo's folder: with the ports it was played on, since those are free, and where the API is then.
 * @param from day the play began, yyyy-MM-dd: reports of a week would miss most of it
 */
export function lookAround(
  { shortOrigin, apiOrigin, dataDir }: Pick<System, 'shortOrigin' | 'apiOrigin' | 'dataDir'>,
  from: string,
): string {
  // A URL leaves out the port that its scheme implies.
  const portOf = (origin: string) => new URL(origin).port || '80';
  const ports = { ONEHOP_PORT: portOf(shortOrigin), ONEHOP_API_PORT: portOf(apiOrigin) };
  const settings = (...names: (keyof typeof STANDARD)[]) =>
    [
      ...names.filter((name) => ports[name] !== STANDARD[name]).map((name) => `${name}=${ports[name]}`),
      `ONEHOP_DATA=${dataDir}`,
    ].join(' ');
  return `Everything is in ${dataDir}; to look around, with the API at ${apiOrigin}:
  ${settings('ONEHOP_PORT', 'ONEHOP_API_PORT')} npm start
and beside it, with the day the demo began:
  ${settings('ONEHOP_API_PORT')} npx onehop report performance --by message --from ${from}
`;
}
