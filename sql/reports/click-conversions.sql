-- Statement click-conversions: conversions that name one click
-- Grain:  one conversion, as its newest version says, the newest first.
-- Source: conversions_raw of the days of arrival from one before the click on.
-- Columns:
--   conversion_id, source_id, event, status, "match", order_id, txn_id   of its newest entry
--   converted_at    when it happened, epoch milliseconds UTC
--   entries         number of its entries
--   revenue_minor   what reached the sender by all of them, in minor units of currency
--   currency
with counted as (
  select
    *,
    row_number() over (partition by entry_id order by version desc, received_at desc, dt desc) as telling,
    max(version) over (partition by conversion_id) as newest_version
  from conversions_raw
  where dt >= ? and dt <= ? and click_id = ?
),
entries as (
  select
    *,
    row_number() over (partition by conversion_id order by received_at desc, occurred_at desc, entry_id desc) as recency
  from counted
  where telling = 1
)
select
  conversion_id,
  max(case when recency = 1 then source_id end) as source_id,
  max(case when recency = 1 then event end) as event,
  max(case when recency = 1 then status end) as status,
  max(case when recency = 1 then "match" end) as "match",
  max(case when recency = 1 then order_id end) as order_id,
  max(case when recency = 1 then txn_id end) as txn_id,
  max(converted_at) as converted_at,
  count(entry_id) as entries,
  sum(revenue_minor) as revenue_minor,
  max(currency) as currency
from entries
group by conversion_id
order by max(converted_at) desc, conversion_id
limit 500
