import type { IncomingMessage } from 'node:http';
import type { accessLogColumns } from '../../lambdas/contract/access-logs.ts';
import type { Answer } from './answer.ts';
import type { Viewer } from './viewer.ts';

type Column = (typeof accessLogColumns)[number]['name'];
/** One line of CloudFront's standard log, by the names of the lake. */
export type AccessLogRow = Readonly<Record<Column, string | null>>;

export interface LoggedRequest {
  readonly request: IncomingMessage;
  readonly viewer: Viewer;
  readonly answer: Answer;
  readonly requestId: string;
  /** Epoch milliseconds of the answer. */
  readonly at: number;
  readonly tookMs: number;
  /** Whether addresses are logged at all. */
  readonly withAddress: boolean;
}

const NONE = '-';

/** The log line of a request, each field as CloudFront writes it: `-` where there is nothing. */
export function accessLogRow({
  request,
  viewer,
  answer,
  requestId,
  at,
  tookMs,
  withAddress,
}: LoggedRequest): AccessLogRow {
  const [stem = '', query] = splitUrl(request.url ?? '');
  return {
    timestamp_ms: String(at),
    x_edge_request_id: requestId,
    x_host_header: request.headers.host ?? NONE,
    cs_method: request.method ?? NONE,
    cs_uri_stem: encoded(stem),
    cs_uri_query: query ? encoded(query) : NONE,
    sc_status: String(answer.status),
    cs_user_agent: encoded(request.headers['user-agent']),
    cs_referer: encoded(request.headers.referer),
    x_edge_location: 'SIM50-P1',
    x_edge_result_type: answer.resultType,
    x_edge_detailed_result_type: answer.resultType,
    time_taken: (tookMs / 1_000).toFixed(3),
    cs_protocol: 'http',
    cs_protocol_version: `HTTP/${request.httpVersion}`,
    ssl_protocol: NONE,
    asn: viewer.headers['CloudFront-Viewer-ASN'] ?? NONE,
    c_country: viewer.headers['CloudFront-Viewer-Country'] ?? NONE,
    c_ip: withAddress ? viewer.ip : null,
  };
}

function splitUrl(url: string): readonly [string, string?] {
  const mark = url.indexOf('?');
  return mark < 0 ? [url] : [url.slice(0, mark), url.slice(mark + 1)];
}

/** Spaces, quotes and what is not ASCII go percent-encoded; what is encoded already stays. */
function encoded(text: string | undefined): string {
  return text ? encodeURI(text).replaceAll('%25', '%') : NONE;
}
