import type { TrinoType, ViewColumn } from './definitions.ts';
import { partitionColumn } from './view-columns.ts';

const column = (name: string, type: TrinoType, doc: string): ViewColumn => ({ name, type, doc });

/** Columns of the view `access_logs`: the log's text, typed, null where the log has a dash. */
export const accessLogViewColumns: readonly ViewColumn[] = [
  column('request_id', 'varchar', 'CloudFront request id; equals `clicks.request_id`.'),
  column('ts', 'bigint', 'When the request was answered, epoch milliseconds UTC.'),
  column('host', 'varchar', 'Host the visitor asked for.'),
  column('method', 'varchar', 'HTTP method.'),
  column('path', 'varchar', 'Path, URL-encoded.'),
  column('query', 'varchar', 'Query string.'),
  column('status', 'bigint', 'HTTP status sent.'),
  column('result_type', 'varchar', 'How CloudFront classified the answer.'),
  column('user_agent', 'varchar', 'User-Agent header, URL-encoded.'),
  column('referer', 'varchar', 'Referer header, URL-encoded.'),
  column('edge_location', 'varchar', 'Edge location that answered.'),
  column('country', 'varchar', 'Country of the visitor.'),
  column('asn', 'bigint', 'Autonomous system of the visitor.'),
  column('ip', 'varchar', 'Address of the visitor; null unless the IP policy is `full`.'),
  column('time_taken_ms', 'double', 'Milliseconds from request to last byte.'),
  column('requested_at', 'timestamp(3)', 'Time of `ts`, UTC, with milliseconds.'),
  partitionColumn,
];
