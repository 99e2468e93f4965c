import type { CloudFrontHeaders, CloudFrontResultResponse } from 'aws-lambda';

const header = (key: string, value: string) => ({ [key.toLowerCase()]: [{ key, value }] });

/** A cached answer would hide the next tap; nothing here sets a cookie, for the code says who taps. */
const COMMON: CloudFrontHeaders = {
  ...header('Cache-Control', 'private, no-store'),
  ...header('Strict-Transport-Security', 'max-age=31536000'),
  ...header('Referrer-Policy', 'no-referrer'),
  ...header('X-Robots-Tag', 'noindex, nofollow'),
};

const HTML: CloudFrontHeaders = {
  ...header('Content-Type', 'text/html; charset=utf-8'),
  ...header('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'; img-src data:"),
  ...header('X-Content-Type-Options', 'nosniff'),
};

const page = (title: string, text: string) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><link rel="icon" href="data:,">
<style>body{font:1.1rem/1.5 system-ui,sans-serif;max-width:28rem;margin:20vh auto;padding:0 1.5rem;color:#222;background:#fff}
@media(prefers-color-scheme:dark){body{color:#ddd;background:#111}}</style></head>
<body><h1>${title}</h1><p>${text}</p></body></html>
`;

export function redirectTo(location: string): CloudFrontResultResponse {
  return { status: '302', statusDescription: 'Found', headers: { ...COMMON, ...header('Location', location) } };
}

/** The built-in page, for codes that lead nowhere on a domain without a fallback URL. */
export function notFoundPage(): CloudFrontResultResponse {
  const body = page(
    'This link is not available',
    'It may be over, not open yet, or mistyped. Please check the message it came with.',
  );
  return { status: '404', statusDescription: 'Not Found', headers: { ...COMMON, ...HTML }, body };
}

/** Answers where the links cannot be read and no fallback URL is known; the alarm on 5xx sees it. */
export function unavailablePage(): CloudFrontResultResponse {
  const body = page('One moment, please', 'This link cannot be opened right now. Please try again in a minute.');
  const headers = { ...COMMON, ...HTML, ...header('Retry-After', '5') };
  return { status: '503', statusDescription: 'Service Unavailable', headers, body };
}

export function methodNotAllowed(): CloudFrontResultResponse {
  return {
    status: '405',
    statusDescription: 'Method Not Allowed',
    headers: { ...COMMON, ...header('Allow', 'GET, HEAD') },
  };
}

/** Paths that are no codes: nothing is looked up and no click is recorded. */
export function reservedAnswer(path: string): CloudFrontResultResponse | null {
  if (path === '/robots.txt') {
    const headers = { ...COMMON, ...header('Content-Type', 'text/plain; charset=utf-8') };
    return { status: '200', statusDescription: 'OK', headers, body: 'User-agent: *\nDisallow: /\n' };
  }
  return path.startsWith('/.well-known/') ? notFoundPage() : null;
}
