import type { CloudFrontResultResponse } from 'aws-lambda';
import type { Refusal } from './limits.ts';

/** An answer as the visitor gets it. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | Buffer;
  /** How CloudFront would classify it in header `x-cache` and in the access log. */
  readonly resultType: 'LambdaGeneratedResponse' | 'LambdaExecutionError' | 'LambdaValidationError' | 'Error';
}

/** A function may answer with this many bytes at most, headers included (see the limits of CloudFront). */
export const MAX_ANSWER_BYTES = 1024 * 1024;

/**
 * Headers that an edge function must not set
 * (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/edge-function-restrictions-all.html).
 */
const FORBIDDEN =
  /^(connection|expect|keep-alive|proxy-authenticate|proxy-authorization|proxy-connection|trailer|upgrade|x-accel-(buffering|charset|limit-rate|redirect)|x-amz-cf-.*|x-amzn-.*|x-cache.*|x-edge-.*|x-forwarded-proto|x-real-ip|transfer-encoding|via|content-length|warning)$/;
const TOKEN = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what a header value must not hold
const UNSAFE = /[\x00-\x08\x0a-\x1f\x7f]|[^\x00-\xff]/;

/** Checks what the function answered as CloudFront does; what it would not send becomes its 502. */
export function toAnswer(result: CloudFrontResultResponse | null | undefined): Answer {
  const fault = faultOf(result);
  if (fault || !result) return validationError(fault ?? 'it is empty');
  const headers = Object.entries(result.headers ?? {}).flatMap(([name, values]) =>
    values.map(({ key, value }) => [key ?? name, value] as const),
  );
  const body = result.bodyEncoding === 'base64' ? Buffer.from(result.body ?? '', 'base64') : (result.body ?? '');
  const size = headers.reduce((sum, [key, value]) => sum + key.length + value.length, Buffer.byteLength(body));
  if (size > MAX_ANSWER_BYTES) return validationError(`it has ${size} bytes, the limit is ${MAX_ANSWER_BYTES}`);
  const statusText = result.statusDescription ?? '';
  return { status: Number(result.status), statusText, headers, body, resultType: 'LambdaGeneratedResponse' };
}

function faultOf(result: CloudFrontResultResponse | null | undefined): string | null {
  if (typeof result !== 'object' || result === null) return 'it is no object';
  if (!/^[2-5]\d\d$/.test(String(result.status))) return 'its status is not a number from 200 to 599';
  if (result.body !== undefined && typeof result.body !== 'string') return 'its body is not text';
  for (const [name, values] of Object.entries(result.headers ?? {}))
    for (const { key = name, value } of values) {
      if (key.toLowerCase() !== name) return `header ${name} goes by another name, ${key}`;
      if (!TOKEN.test(key) || typeof value !== 'string' || UNSAFE.test(value)) return `header ${name} is malformed`;
      if (FORBIDDEN.test(name)) return `header ${name} must not be set by an edge function`;
    }
  return null;
}

function validationError(fault: string): Answer {
  return errorPage(
    { status: 502, reason: `The function's answer is not valid: ${fault}.` },
    'Bad Gateway',
    'LambdaValidationError',
  );
}

/** What a visitor sees where the function threw. */
export function executionError(): Answer {
  return errorPage({ status: 502, reason: 'The function failed.' }, 'Bad Gateway', 'LambdaExecutionError');
}

/** What a visitor sees whose request CloudFront refuses by itself. */
export function refusal(refused: Refusal): Answer {
  return errorPage(refused, '', 'Error');
}

function errorPage({ status, reason }: Refusal, statusText: string, resultType: Answer['resultType']): Answer {
  const body = `<!doctype html><title>ERROR: The request could not be satisfied</title><h1>${status} ERROR</h1><p>${reason}</p>\n`;
  return { status, statusText, headers: [['Content-Type', 'text/html; charset=utf-8']], body, resultType };
}
