import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { verifyClickId } from '../core/click-id.ts';
import { parsePairs, type RawRequest } from '../core/postback/request.ts';
import type { PostbackServices } from './services.ts';
import { storeMessage } from './store.ts';

/** A transparent picture of one pixel (GIF89a, 43 bytes). */
const GIF = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7';

/**
 * A conversion reported by a picture on a thank-you page. Anybody can ask for a picture, so it is off until the source enables
 * it, and takes a signed click id only. The picture comes whatever happened: a page must not show a broken one.
 */
export async function pixel(
  request: RawRequest,
  file: string,
  services: PostbackServices,
): Promise<APIGatewayProxyStructuredResultV2> {
  const known = file.endsWith('.gif') ? await services.findSource(file.slice(0, -'.gif'.length)) : null;
  if (!known?.source.pixel || known.source.status !== 'active') return picture(404);
  const clickId = parsePairs(request.query).find(([name]) => name === 'click_id')?.[1] ?? '';
  if (!verifyClickId(clickId, await services.edgeKeys()).ok) return picture(403);
  const head = {
    id: services.newId(),
    source_id: known.source.id,
    received_at: request.received_at,
    method: request.method,
    query: request.query,
    content_type: null,
    headers: {},
    origin: 'postback' as const,
    pixel: true as const,
  };
  await storeMessage(head, new Uint8Array(), services);
  return picture(200);
}

function picture(statusCode: number): APIGatewayProxyStructuredResultV2 {
  const headers = { 'content-type': 'image/gif', 'cache-control': 'no-store' };
  return { statusCode, headers, body: GIF, isBase64Encoded: true };
}
