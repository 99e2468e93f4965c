-- View conversions
-- Grain:  one entry of the ledger, repeats and older versions removed within a day of arrival. Where a conversion is matched again
--         on another day its entries stand on both days, each with its version: the highest one counts, and reports find it.
-- Source: conversions_raw. Filter dt: every window here is partitioned by it, so that the filter reaches the files.
-- Columns: as in conversions_raw (docs/data-dictionary.md), and
--   occurred_time  time of occurred_at, UTC, milliseconds
--   dt             UTC date of arrival, yyyy-MM-dd; occurred_at may lie long before
with delivered as (
  select
    *,
    row_number() over (partition by dt, entry_id order by version desc, received_at) as delivery
  from conversions_raw
)
select
{{columns}},
  cast(from_unixtime(occurred_at / 1e3) at time zone 'UTC' as timestamp(3)) as occurred_time,
  dt
from delivered
where delivery = 1
