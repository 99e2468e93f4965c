-- View touches
-- Grain:  one imported touch, repeats removed within a day of arrival: the first telling counts.
-- Source: touches_raw. Filter dt: every window here is partitioned by it, so that the filter reaches the files.
-- Columns: as in touches_raw (docs/data-dictionary.md), and
--   touched_time  time of ts, UTC, milliseconds
--   dt            UTC date of arrival, yyyy-MM-dd; ts may lie long before
with delivered as (
  select
    *,
    row_number() over (partition by dt, id order by received_at) as delivery
  from touches_raw
)
select
{{columns}},
  cast(from_unixtime(ts / 1e3) at time zone 'UTC' as timestamp(3)) as touched_time,
  dt
from delivered
where delivery = 1
