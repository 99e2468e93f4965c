-- View recipients
-- Grain:  one subscriber minted on one link, repeats removed within a day of arrival. Whoever is minted again on another
--         day stands on both days: the first of them counts, and reports find it.
-- Source: recipients_raw. Filter dt: every window here is partitioned by it, so that the filter reaches the files.
-- Columns: as in recipients_raw (docs/data-dictionary.md), and
--   minted_time  time of minted_at, UTC, milliseconds
--   dt           UTC date of arrival, yyyy-MM-dd
with minted as (
  select
    *,
    row_number() over (
      partition by dt, link_no, subscriber_no order by minted_at, attributes nulls last
    ) as minting
  from recipients_raw
)
select
{{columns}},
  cast(from_unixtime(minted_at / 1e3) at time zone 'UTC' as timestamp(3)) as minted_time,
  dt
from minted
where minting = 1
