import { z } from 'zod';
import { EntityStore, type Stored } from '../adapters/entity-store.ts';
import { retryOnConflict } from '../adapters/retry-on-conflict.ts';
import { linksKey } from '../contract/keys.ts';
import { mergePatch } from '../core/api/merge-patch.ts';
import { fault, invalid, parseInput } from '../core/api/problem.ts';
import { type Settings, settingsInput } from '../core/entities/settings.ts';
import { effectivePolicy } from '../core/redirect/visitor-address.ts';
import { HISTORY_QUERY, historyPage } from './history.ts';
import type { ApiRequest, ApiResponse, Route } from './http.ts';
import { journalOf } from './journal.ts';
import { checkPreconditions, etagOf } from './revision.ts';
import type { ApiServices } from './services.ts';

export const settingsRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/settings',
    scopes: ['read', 'admin'],
    summary: 'Show the account’s settings',
    tag: 'settings',
    run: show,
  },
  {
    method: 'PATCH',
    path: '/v1/settings',
    scopes: ['admin'],
    summary: 'Change settings (RFC 7396)',
    tag: 'settings',
    input: z.looseObject({}),
    describedInput: settingsInput,
    run: patch,
  },
  {
    method: 'GET',
    path: '/v1/settings/history',
    scopes: ['read', 'admin'],
    summary: 'Changes of the account’s settings, the newest first',
    tag: 'settings',
    query: HISTORY_QUERY,
    run: async (request, services) => historyPage(linksKey.settings, await stored(services), request, services),
  },
];

/** The account's settings: what is stored, else the defaults under the deployment's policy. */
export async function readSettings(services: ApiServices): Promise<Settings> {
  return (await stored(services)).document;
}

async function stored({ linksTable, now, deployment }: ApiServices): Promise<Stored<Settings>> {
  const found = await new EntityStore(linksTable, now).get<Settings>(linksKey.settings);
  const document = settingsInput.parse({ ip_policy: deployment.ipPolicy });
  return found ?? { pk: linksKey.settings, document, revision: 0, createdAt: '', updatedAt: '' };
}

const shown = (settings: Stored<Settings>): ApiResponse => ({
  status: 200,
  body: settings.document,
  headers: { etag: etagOf(settings) },
});

async function show(_: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  return shown(await stored(services));
}

async function patch(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const store = new EntityStore(services.linksTable, services.now, journalOf(request, 'changed', services));
  return retryOnConflict(async () => {
    const previous = await stored(services);
    checkPreconditions(request, previous);
    const merged = mergePatch(previous.document, request.body) as Record<string, unknown>;
    const settings = parseInput(settingsInput, { ip_policy: services.deployment.ipPolicy, ...merged });
    checkPolicy(settings, services);
    return shown(await store.save({ pk: linksKey.settings, subject: linksKey.settings }, settings, previous));
  });
}

function checkPolicy({ ip_policy }: Settings, { deployment }: ApiServices): void {
  if (effectivePolicy(deployment.ipPolicy, ip_policy) === ip_policy) return;
  const message = `is looser than the deployment's ${deployment.ipPolicy}: change ipPolicy in onehop.config.ts and deploy first`;
  throw invalid([fault('ip_policy', 'too_loose', message)]);
}
