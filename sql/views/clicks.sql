-- View clicks
-- Grain:  one request on a short domain, repeats of its delivery removed within a day of arrival. A click delivered on
--         both sides of midnight (UTC) stands on both days: count distinct click_id, or use the report, which is exact.
-- Source: clicks_raw. Filter dt: every window here is partitioned by it, so that the filter reaches the files.
-- Of several deliveries the one recorded at the edge wins over one rebuilt from logs, then the newest rules.
-- Columns: as in clicks_raw (docs/data-dictionary.md), and
--   clicked_at  time of ts, UTC, milliseconds
--   dt          UTC date of arrival, yyyy-MM-dd; ts may lie a day before
with delivered as (
  select
    *,
    row_number() over (partition by dt, click_id order by recovered, rules_version desc, ts) as delivery
  from clicks_raw
)
select
{{columns}},
  cast(from_unixtime(ts / 1e3) at time zone 'UTC' as timestamp(3)) as clicked_at,
  dt
from delivered
where delivery = 1
