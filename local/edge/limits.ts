import type { IncomingMessage } from 'node:http';

/**
 * Limits of CloudFront on a request
 * (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/cloudfront-limits.html).
 */
export const MAX_URL_BYTES = 8_192;
/** URL and headers together. */
export const MAX_REQUEST_BYTES = 20_480;
/** Limit of Node's parser: beyond ours, so that we are the ones who answer. */
export const PARSER_BYTES = 128 * 1024;

export interface Refusal {
  readonly status: number;
  readonly reason: string;
}

const TOO_LARGE: Refusal = { status: 413, reason: 'The request is larger than CloudFront takes.' };
const METHOD: Refusal = { status: 403, reason: 'This distribution answers GET and HEAD only.' };
const BODY: Refusal = { status: 403, reason: 'A GET request must not carry a body.' };
const MALFORMED: Refusal = { status: 400, reason: 'The request is malformed.' };

/** Why CloudFront would not pass a request on, or null. */
export function refusalOf(request: IncomingMessage): Refusal | null {
  const url = request.url ?? '';
  if (!url.startsWith('/')) return MALFORMED;
  if (url.length > MAX_URL_BYTES) return TOO_LARGE;
  let size = url.length;
  // One byte a character: Node reads headers as Latin-1. Two for `: `, two for the line end.
  for (const text of request.rawHeaders) size += text.length + 2;
  if (size > MAX_REQUEST_BYTES) return TOO_LARGE;
  if (request.method !== 'GET' && request.method !== 'HEAD') return METHOD;
  const { 'content-length': length = '0', 'transfer-encoding': transfer } = request.headers;
  return length !== '0' || transfer !== undefined ? BODY : null;
}
