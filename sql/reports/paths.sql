-- Report paths
-- Grain:  one unit (what the dimensions asked for say of a touch), and one row over all (is_total): computed, not added up.
-- Source: conversions_raw, clicks_raw, touches_raw and recipients_raw (parts/ledger.sql, touchpoints.sql, roaming.sql say of which
--         days).
-- Columns: the dimensions, then
--   conversions     conversions that count, of the range, in whose path the unit is
--   first_touch, last_touch  of them, those whose path begins, ends with it
--   assists         of them, those whose path ends with another unit; over all, those with more than one unit
--   clickers        distinct subscribers with a click in the range
--   prior_clickers  of them, those whose first click of all, at most a window before the range, was on another unit and earlier
--   clicks          clicks in the paths of those conversions, on whichever unit; over all, each conversion's once
-- What stands in double braces comes from the catalogue, never from the request.
with
{{terms}}
{{ledger}}
{{touchpoints}}
{{candidates}}
{{paths}}
{{roaming}}
converting as (
  select
    steps.*,
    sum(case when kind = 'click' and not imported then 1 else 0 end) over (partition by conversion_id) as path_clicks
  from steps
  cross join terms
  where reason is null and current_status <> 'rejected' and converted_at >= {{?from}} and converted_at < {{?to}}
    and strpos(coalesce(element_at(campaign_events, own_campaign_id), account_events), ',' || event || ',') > 0
),
taking_part as (
  select
    {{dimensions}}
    conversion_id,
    max(path_clicks) as path_clicks,
    max(case when place = 1 then 1 else 0 end) as is_first,
    max(case when place = path_length then 1 else 0 end) as is_last
  from converting
  group by {{groups}} conversion_id
),
clicking as (
  select
    {{dimensions}}
    subscriber_no,
    min(ts) as first_ts,
    max(ts) as last_ts
  from roaming
  where is_click and subscriber_no is not null
  group by {{groups}} subscriber_no
),
preceded as (
  select
    *,
    min(first_ts) over (partition by subscriber_no) as very_first_ts
  from clicking
),
measured as (
  select
    {{dimensions}}
    conversion_id, path_clicks, is_first, is_last, cast(null as bigint) as subscriber_no, 0 as is_prior
  from taking_part
  union all
  select
    {{dimensions}}
    null, null, null, null, subscriber_no, case when very_first_ts < first_ts then 1 else 0 end
  from preceded
  where last_ts >= {{?from}}
),
filtered as (
  select
    *,
    row_number() over (partition by conversion_id, subscriber_no order by path_clicks) as appearance
  from measured
  where {{filters}}
),
counted as (
  select
    {{dimensions}}
    {{is_total}} as is_total,
    count(distinct conversion_id) as conversions,
    count(distinct case when is_first = 1 then conversion_id end) as first_touch,
    count(distinct case when is_last = 1 then conversion_id end) as last_touch,
    count(distinct case when is_last = 0 then conversion_id end) as assists,
    count(distinct subscriber_no) as clickers,
    count(distinct case when is_prior = 1 then subscriber_no end) as prior_clickers,
    cast(case when {{is_total}} then sum(case when appearance = 1 then path_clicks end) else sum(path_clicks) end as bigint)
      as clicks
  from filtered
  group by grouping sets ({{grouping_sets}})
),
placed as (
  select
    *,
    row_number() over (partition by is_total order by {{order}}) as place
  from counted
)
select
  {{output}}
  conversions, first_touch, last_touch, assists, clickers, prior_clickers,
  case when conversions > 0 then cast(clicks as double) / conversions end as clicks_before_converting, is_total
from placed
where is_total or (place > {{?offset}} and place <= {{?last}})
order by is_total desc, place
