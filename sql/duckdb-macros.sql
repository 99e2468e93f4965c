-- Names of Trino that DuckDB lacks or means differently, so that one text runs on both.
create or replace macro at_timezone(x, zone) as timezone(zone, cast(x as timestamptz));
create or replace macro from_unixtime(seconds) as make_timestamptz(cast(round(seconds * 1000) as bigint) * 1000);
create or replace macro to_unixtime(x) as epoch(x);
create or replace macro date_add(part, n, x) as x + case part
  when 'millisecond' then to_milliseconds(n)
  when 'second' then to_seconds(n)
  when 'minute' then to_minutes(n)
  when 'hour' then to_hours(n)
  when 'day' then to_days(cast(n as integer))
  else error('date_add takes millisecond, second, minute, hour or day here')
end;
create or replace macro cardinality(x) as len(x);
create or replace macro element_at(x, k) as x[k];
create or replace macro regexp_like(x, pattern) as regexp_matches(x, pattern);
-- Trino quotes a name in a path as $["a.b"], DuckDB as $."a.b".
create or replace macro json_extract_scalar(x, path) as
  json_extract_string(x, replace(replace(path, '["', '."'), '"]', '"'));
create or replace macro json_parse(x) as cast(x as json);
create or replace macro array_join(x, delimiter) as array_to_string(x, delimiter);
create or replace macro from_iso8601_timestamp(x) as cast(x as timestamptz);
create or replace macro approx_distinct(x) as approx_count_distinct(x);
create or replace macro approx_percentile(x, share) as approx_quantile(x, share);
