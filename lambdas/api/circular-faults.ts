import { type Fault, fault } from '../core/api/problem.ts';
import type { Deployment } from './services.ts';

/** The fault of a URL that leads to a short domain of the account itself; none where it leads away. */
export function circularFaults(path: string, url: string | null, { shortDomains, shortOrigin }: Deployment): Fault[] {
  const host = url && URL.parse(url)?.hostname;
  if (!host || ![...shortDomains, new URL(shortOrigin).hostname].includes(host)) return [];
  return [fault(path, 'circular', `leads back to the short domain ${host}: name the page people should see`)];
}
