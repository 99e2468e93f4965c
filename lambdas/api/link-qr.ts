import { toBuffer, toString as toText } from 'qrcode';
import { z } from 'zod';
import { fault, invalid, parseInput } from '../core/api/problem.ts';
import type { ApiRequest, ApiResponse, Route } from './http.ts';
import { findLink } from './link-request.ts';
import { urlOf } from './link-view.ts';
import type { ApiServices } from './services.ts';

/** Query parameters of both forms. */
const QR_QUERY = {
  size: 'width and height in pixels, 128 to 2048, 512 if not given',
  margin: 'quiet zone around the code in modules, 0 to 16, 4 if not given',
} as const;

const whole = (min: number, max: number, otherwise: number) =>
  z
    .string()
    .regex(/^\d{1,4}$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .pipe(z.number().min(min).max(max))
    .default(otherwise);

/** The longest URL of ours makes 101 modules with the widest margin, so the smallest picture still has a pixel for each. */
const qrInput = z.strictObject({ size: whole(128, 2048, 512), margin: whole(0, 16, 4) });

const route = (type: 'svg' | 'png'): Route => ({
  method: 'GET',
  path: `/v1/links/{link_no}/qr.${type}`,
  scopes: ['read', 'manage'],
  summary: `QR code of a link's short URL, as ${type.toUpperCase()}`,
  tag: 'links',
  query: QR_QUERY,
  run: (request, services) => (type === 'svg' ? svg(request, services) : png(request, services)),
});

export const qrRoutes: readonly Route[] = [route('svg'), route('png')];

async function svg(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const { url, size, margin } = await contentOf(request, services);
  const body = await toText(url, { type: 'svg', width: size, margin });
  return { status: 200, body, headers: { 'content-type': 'image/svg+xml' } };
}

async function png(request: ApiRequest, services: ApiServices): Promise<ApiResponse> {
  const { url, size, margin } = await contentOf(request, services);
  const body = await toBuffer(url, { type: 'png', width: size, margin });
  return { status: 200, body, headers: { 'content-type': 'image/png' } };
}

async function contentOf(request: ApiRequest, services: ApiServices) {
  const options = parseInput(qrInput, request.query);
  const { document } = await findLink(request, services);
  const url = urlOf(document, services.deployment);
  if (url) return { ...options, url };
  const message = `link ${document.link_no} is personal: it has a URL for each subscriber and none of its own`;
  throw invalid([fault('link_no', 'personal', message)]);
}
