-- Report sources
-- Grain:  one group of the dimensions asked for, and one row over all of them (is_total).
-- Source: postbacks_raw and conversions_raw (parts/ledger.sql) of all days of arrival from one before the range.
-- A message counts when it was received, a conversion when it happened, an adjustment (refund, chargeback, correction, change of
-- status) when it happened. What became of each single item is in the source's list of events; the lake knows only what had an
-- effect.
-- Columns: the dimensions, then
--   messages        authenticated messages; messages_without_entry those of which no entry of the ledger came
--   conversions     sales, leads … by first entry, whatever their status; rejected those that are rejected or reversed now
--   adjustments     further entries
--   matched         conversions of which it is known whose they are; by_click, by_promo, by_identity by what told it
--   conflicts       conversions whose keys named different people
--   click_delay_…   milliseconds from the click named to the conversion; arrival_delay_… from the conversion to its arrival
--   last_seen       when the last message or entry came, epoch milliseconds
--   is_total        true on the row over all groups
-- What stands in double braces comes from the catalogue, never from the request.
with
{{ledger}}
effective as (
  select distinct raw_ref as message_id from entries where raw_ref is not null
),
received as (
  select id, source_id, min(received_at) as received_at
  from postbacks_raw
  where dt between {{?ledger_first}} and {{?ledger_last}} and received_at < {{?as_of}}
  group by id, source_id
),
facts as (
  select
    'message' as kind, received_at as ts, source_id as source, cast(null as varchar) as profile,
    cast(null as varchar) as event, cast(null as varchar) as status, cast(null as varchar) as "match",
    cast(null as varchar) as reason, cast(null as varchar) as origin, received_at as seen_at,
    case when message_id is null then 1 else 0 end as is_without_entry, false as match_conflict,
    cast(null as bigint) as click_delay, cast(null as bigint) as arrival_delay
  from received
  left join effective on message_id = id
  where {{has_messages}}
  union all
  select
    case when entry = 'sale' then 'conversion' else 'adjustment' end, occurred_at, source_id, network, event,
    current_status, "match", unmatched_reason, origin, received_at, 0, match_conflict,
    case when entry = 'sale' and clicked_at is not null then greatest(converted_at - clicked_at, 0) end,
    case when entry = 'sale' then greatest(received_at - occurred_at, 0) end
  from entries
),
dimensioned as (
  select
    facts.*,
    cast(cast(local_time as date) as varchar) as day,
    cast(hour(local_time) as bigint) as hour_of_day,
    cast(mod(date_diff('day', date '1969-12-29', cast(local_time as date)), 7) + 1 as bigint) as weekday
  from (
    select
      *,
      at_timezone(from_unixtime(ts / 1e3), {{?tz}}) as local_time
    from facts
    where ts >= {{?from}} and ts < {{?to}}
  ) as facts
),
filtered as (
  select *
  from dimensioned
  where {{filters}}
),
counted as (
  select
    {{dimensions}}
    count(case when kind = 'message' then 1 end) as messages,
    sum(is_without_entry) as messages_without_entry,
    count(case when kind = 'conversion' then 1 end) as conversions,
    count(case when kind = 'conversion' and status in ('rejected', 'reversed') then 1 end) as rejected,
    count(case when kind = 'adjustment' then 1 end) as adjustments,
    count(case when kind = 'conversion' and "match" <> 'none' then 1 end) as matched,
    count(case when kind = 'conversion' and "match" = 'click_id' then 1 end) as by_click,
    count(case when kind = 'conversion' and "match" = 'promo_code' then 1 end) as by_promo,
    count(case when kind = 'conversion' and "match" = 'identity' then 1 end) as by_identity,
    count(case when kind = 'conversion' and match_conflict then 1 end) as conflicts,
    array_sort(array_agg(click_delay) filter (where click_delay is not null)) as click_delays,
    array_sort(array_agg(arrival_delay) filter (where arrival_delay is not null)) as arrival_delays,
    max(seen_at) as last_seen,
    {{is_total}} as is_total
  from filtered
  group by grouping sets ({{grouping_sets}})
),
placed as (
  select
    *,
    element_at(click_delays, cast(ceil(cardinality(click_delays) * 5e-1) as bigint)) as click_delay_p50,
    element_at(click_delays, cast(ceil(cardinality(click_delays) * 9e-1) as bigint)) as click_delay_p90,
    element_at(arrival_delays, cast(ceil(cardinality(arrival_delays) * 5e-1) as bigint)) as arrival_delay_p50,
    element_at(arrival_delays, cast(ceil(cardinality(arrival_delays) * 9e-1) as bigint)) as arrival_delay_p90,
    row_number() over (partition by is_total order by {{order}}) as place
  from counted
)
select
  {{output}}
  messages, cast(coalesce(messages_without_entry, 0) as bigint) as messages_without_entry, conversions, rejected,
  adjustments, matched, by_click, by_promo, by_identity, conflicts, click_delay_p50, click_delay_p90,
  arrival_delay_p50, arrival_delay_p90, last_seen, is_total
from placed
where is_total or (place > {{?offset}} and place <= {{?last}})
order by is_total desc, place
