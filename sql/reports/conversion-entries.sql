-- Statement conversion-entries: what the lake knows of one conversion
-- Grain:  one entry in one version, the oldest entry first, its versions in order; repeats of a delivery removed.
-- Source: conversions_raw of the days of arrival asked for.
-- Columns: as in conversions_raw (docs/data-dictionary.md)
with told as (
  select
    *,
    row_number() over (partition by entry_id, version order by dt, received_at) as telling
  from conversions_raw
  where dt between ? and ? and conversion_id = ?
)
select
{{columns}}
from told
where telling = 1
order by occurred_at, entry_id, version
limit 1000
