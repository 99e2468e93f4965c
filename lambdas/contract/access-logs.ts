import type { Column } from './column.ts';

/** A field of CloudFront's standard logging v2 and the column it lands in; only policy `full` logs the client's address. */
interface AccessLogColumn extends Column {
  /** Name of the field in the delivery's record fields. */
  readonly field: string;
  readonly personal?: true;
}

/** Fields that repair needs, under their lake names (https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/standard-logging.html). */
export const accessLogColumns = [
  {
    field: 'timestamp(ms)',
    name: 'timestamp_ms',
    type: 'string',
    doc: 'When the request was answered, epoch milliseconds UTC as text.',
  },
  {
    field: 'x-edge-request-id',
    name: 'x_edge_request_id',
    type: 'string',
    doc: 'CloudFront request id; equals `clicks.request_id`.',
  },
  { field: 'x-host-header', name: 'x_host_header', type: 'string', doc: 'Host the visitor asked for.' },
  { field: 'cs-method', name: 'cs_method', type: 'string', doc: 'HTTP method.' },
  { field: 'cs-uri-stem', name: 'cs_uri_stem', type: 'string', doc: 'Path, URL-encoded.' },
  { field: 'cs-uri-query', name: 'cs_uri_query', type: 'string', doc: 'Query string, `-` where there was none.' },
  { field: 'sc-status', name: 'sc_status', type: 'string', doc: 'HTTP status sent.' },
  { field: 'cs(User-Agent)', name: 'cs_user_agent', type: 'string', doc: 'User-Agent header, URL-encoded.' },
  { field: 'cs(Referer)', name: 'cs_referer', type: 'string', doc: 'Referer header, URL-encoded.' },
  { field: 'x-edge-location', name: 'x_edge_location', type: 'string', doc: 'Edge location that answered.' },
  {
    field: 'x-edge-result-type',
    name: 'x_edge_result_type',
    type: 'string',
    doc: 'How CloudFront classified the answer.',
  },
  {
    field: 'x-edge-detailed-result-type',
    name: 'x_edge_detailed_result_type',
    type: 'string',
    doc: 'The same, in detail on errors.',
  },
  { field: 'time-taken', name: 'time_taken', type: 'string', doc: 'Seconds from request to last byte, as text.' },
  { field: 'cs-protocol', name: 'cs_protocol', type: 'string', doc: 'Protocol the visitor used.' },
  { field: 'cs-protocol-version', name: 'cs_protocol_version', type: 'string', doc: 'HTTP version the visitor used.' },
  { field: 'ssl-protocol', name: 'ssl_protocol', type: 'string', doc: 'TLS version.' },
  { field: 'asn', name: 'asn', type: 'string', doc: 'Autonomous system of the visitor.' },
  { field: 'c-country', name: 'c_country', type: 'string', doc: 'Country of the visitor.' },
  {
    field: 'c-ip',
    name: 'c_ip',
    type: 'string',
    personal: true,
    doc: 'Address of the visitor; logged only under IP policy `full`.',
  },
] as const satisfies readonly AccessLogColumn[];
