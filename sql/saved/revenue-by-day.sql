-- Revenue by day: what each source brought by UTC day of the entry, from entries of the last seven days of arrival, in minor units
-- of their currency. Of an entry that came again the highest version counts; what was taken back is negative and stands on its own day.
with arrived as (
  select
    *,
    row_number() over (partition by entry_id order by version desc, dt desc) as telling
  from conversions
  where dt >= cast(cast(current_date - interval '7' day as date) as varchar)
)
select
  cast(occurred_time as date) as day,
  source_id,
  currency,
  count(distinct case when entry = 'sale' and event <> 'rebill' then conversion_id end) as conversions,
  sum(revenue_minor) as revenue_minor,
  sum(payout_minor) as payout_minor,
  sum(case when entry in ('refund', 'chargeback') then revenue_minor end) as taken_back_minor
from arrived
where telling = 1
group by cast(occurred_time as date), source_id, currency
order by day desc nulls last, source_id, currency
