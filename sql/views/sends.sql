-- View sends
-- Grain:  one state of one message (id and type), repeats of its delivery removed within a day of arrival. A state told on
--         two days (UTC) stands on both.
-- Source: sends_raw. Filter dt: every window here is partitioned by it, so that the filter reaches the files.
-- Of several tellings a final one wins, then the newest: whoever was wrong tells it again.
-- Columns: as in sends_raw (docs/data-dictionary.md), and
--   told_time  time of ts, UTC, milliseconds
--   dt         UTC date of arrival, yyyy-MM-dd; ts may lie long before it where a list was imported
with told as (
  select
    *,
    row_number() over (
      partition by dt, id, type order by is_final desc nulls last, received_at desc, ts, parts nulls last
    ) as telling
  from sends_raw
)
select
{{columns}},
  cast(from_unixtime(ts / 1e3) at time zone 'UTC' as timestamp(3)) as told_time,
  dt
from told
where telling = 1
