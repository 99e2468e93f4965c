/**
 * Routes of the HTTP API: each is a name in the access log, which never shows a path. The function has the router; a test
 * holds the two lists together. Whatever else is asked for goes to `$default`, so that the function refuses it with a
 * problem document.
 */
export const apiRoutes: readonly (readonly [path: string, ...methods: readonly string[]])[] = [
  ['/health', 'GET'],
  ['/openapi.json', 'GET'],
  ['/v1/deployment', 'GET'],
  ['/v1/settings', 'GET', 'PATCH'],
  ['/v1/campaigns', 'GET'],
  ['/v1/campaigns/{id}', 'GET', 'PUT', 'PATCH', 'DELETE'],
  ['/v1/campaigns/{id}/history', 'GET'],
  ['/v1/campaigns/{id}/promo-codes', 'GET'],
  ['/v1/offers', 'GET'],
  ['/v1/offers/{id}', 'GET', 'PUT', 'PATCH', 'DELETE'],
  ['/v1/offers/{id}/history', 'GET'],
  ['/v1/domains', 'GET'],
  ['/v1/domains/{id}', 'GET', 'PUT', 'PATCH', 'DELETE'],
  ['/v1/domains/{id}/history', 'GET'],
  ['/v1/experiments', 'GET'],
  ['/v1/experiments/{id}', 'GET', 'PUT', 'PATCH', 'DELETE'],
  ['/v1/experiments/{id}/history', 'GET'],
  ['/v1/links', 'GET', 'POST'],
  ['/v1/links/by-external-id/{id}', 'PUT'],
  ['/v1/links/check', 'POST'],
  ['/v1/links/{link_no}', 'GET', 'PUT', 'PATCH', 'DELETE'],
  ['/v1/links/{link_no}/history', 'GET'],
  ['/v1/links/{link_no}/recipients', 'POST'],
  ['/v1/links/{link_no}/clone', 'POST'],
  ['/v1/links/{link_no}/qr.svg', 'GET'],
  ['/v1/links/{link_no}/qr.png', 'GET'],
  ['/v1/sends', 'POST'],
  ['/v1/sends/totals/{campaign_id}/{message_id}/{date}', 'PUT'],
  ['/v1/tokens', 'GET', 'POST'],
  ['/v1/tokens/{id}', 'DELETE'],
  ['/v1/reports/{name}', 'GET'],
  ['/v1/reports/runs/{id}', 'GET'],
];
