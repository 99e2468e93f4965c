import type { ApiRequest, ApiResponse, Route } from './http.ts';
import { originOf } from './link-view.ts';
import type { ApiServices } from './services.ts';

export const deploymentRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/v1/deployment',
    scopes: ['read', 'manage', 'mint'],
    summary: 'Stage and short domains of the deployment, the default one first',
    tag: 'meta',
    run: show,
  },
];

/** What a client needs to know to write a short URL by itself. */
async function show(_: ApiRequest, { deployment }: ApiServices): Promise<ApiResponse> {
  const { stage, shortOrigin, shortDomains } = deployment;
  const [, ...others] = shortDomains;
  const short_domains = [
    { domain: new URL(shortOrigin).hostname, origin: shortOrigin },
    ...others.map((domain) => ({ domain, origin: originOf(domain, deployment) })),
  ];
  return { status: 200, body: { stage, short_domains } };
}
