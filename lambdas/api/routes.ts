import { deploymentRoutes } from './deployment-routes.ts';
import { campaignRoutes, domainRoutes, experimentRoutes, offerRoutes } from './entity-routes.ts';
import type { Route } from './http.ts';
import { identifyRoutes } from './identify/routes.ts';
import { ledgerRoutes } from './ledger/routes.ts';
import { linkRoutes } from './link-routes.ts';
import { lookupRoutes } from './lookups/routes.ts';
import { mintRoutes } from './mint/routes.ts';
import { openApiDocument } from './openapi.ts';
import { campaignPeopleRoutes } from './people/campaign-recipients.ts';
import { labelRoutes } from './people/label-routes.ts';
import { subscriberRoutes } from './people/subscriber-routes.ts';
import { promoRoutes } from './promo-routes.ts';
import { rateRoutes } from './rate-routes.ts';
import { reportRoutes } from './report-routes.ts';
import { sendRoutes } from './send-routes.ts';
import { settingsRoutes } from './settings-routes.ts';
import { sourceRoutes } from './source-routes.ts';
import { sourceTestRoute } from './source-test.ts';
import { sourceTokenRoutes } from './source-token-routes.ts';
import { tokenRoutes } from './token-routes.ts';
import { touchRoutes } from './touch-routes.ts';

const open: readonly Route[] = [
  {
    method: 'GET',
    path: '/openapi.json',
    scopes: null,
    summary: 'This description',
    tag: 'meta',
    run: async () => ({ status: 200, body: openApiDocument(routes) }),
  },
  {
    method: 'GET',
    path: '/health',
    scopes: null,
    summary: 'Says that the API answers',
    tag: 'meta',
    run: async () => ({ status: 200, body: { ok: true } }),
  },
];

/** Every call of the API. */
export const routes: readonly Route[] = [
  ...open,
  ...deploymentRoutes,
  ...settingsRoutes,
  ...campaignRoutes,
  ...offerRoutes,
  ...domainRoutes,
  ...experimentRoutes,
  ...linkRoutes,
  ...mintRoutes,
  ...sendRoutes,
  ...ledgerRoutes,
  ...touchRoutes,
  ...identifyRoutes,
  ...lookupRoutes,
  ...sourceRoutes,
  ...subscriberRoutes,
  ...labelRoutes,
  ...campaignPeopleRoutes,
  sourceTestRoute,
  ...sourceTokenRoutes,
  ...tokenRoutes,
  ...promoRoutes,
  ...rateRoutes,
  ...reportRoutes,
];
