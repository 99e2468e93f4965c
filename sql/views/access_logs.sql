-- View access_logs
-- Grain:  one line of CloudFront's access log, typed; logs are best effort and a line may be missing or come twice.
-- Source: access_logs_raw. Filter dt.
-- Columns:
--   request_id   CloudFront request id; equals clicks.request_id
--   ts           when the request was answered, epoch milliseconds UTC; requested_at is the same as a UTC timestamp
--   host, method, path, query, user_agent, referer    as asked for, URL-encoded; null where the log has a dash
--   status       HTTP status sent
--   result_type  how CloudFront classified the answer
--   edge_location, country, asn, ip    where the request came in and from; ip only under policy full
--   time_taken_ms  milliseconds from request to last byte
--   dt           UTC date of the log's delivery, yyyy-MM-dd; CloudFront's folders are named yyyy/MM/dd, and a filter on
--                this column still reads the folders of its days only
select
  nullif(x_edge_request_id, '-') as request_id,
  try_cast(timestamp_ms as bigint) as ts,
  nullif(x_host_header, '-') as host,
  nullif(cs_method, '-') as method,
  nullif(cs_uri_stem, '-') as path,
  nullif(cs_uri_query, '-') as query,
  try_cast(sc_status as bigint) as status,
  nullif(x_edge_result_type, '-') as result_type,
  nullif(cs_user_agent, '-') as user_agent,
  nullif(cs_referer, '-') as referer,
  nullif(x_edge_location, '-') as edge_location,
  nullif(c_country, '-') as country,
  try_cast(asn as bigint) as asn,
  nullif(c_ip, '-') as ip,
  try_cast(time_taken as double) * 1e3 as time_taken_ms,
  cast(from_unixtime(try_cast(timestamp_ms as bigint) / 1e3) at time zone 'UTC' as timestamp(3)) as requested_at,
  replace(dt, '/', '-') as dt
from access_logs_raw
