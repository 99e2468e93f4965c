-- Report clicks
-- Grain:  one group of the dimensions asked for, and one row over all of them (is_total): computed, not added up.
-- Source: clicks_raw of the days of arrival from one before to seven after the range (replayed clicks come late).
--         Deliveries of a click are made one over all of them, so the figures are exact across midnight.
--         Under arm, experiment, subscriber_id and attributes also recipients_raw (parts/minted.sql), joined by link and
--         subscriber; clicks of nobody who was minted have none of them.
-- Columns: the dimensions, then
--   clicks_total = clicks_human + clicks_suspect + clicks_bot   clicks by verdict
--   clicks_unique     distinct (subscriber, campaign) with a human click
--   clicks_anonymous  human clicks of no known subscriber
--   first_clicks      distinct (subscriber, link) with a human click; null unless rows are by link
--   is_total          true on the row over all groups
-- A code is known where it led to a link (code_kind); others count under outcome alone, those tapped while the links
-- table could not be read among them: nobody knows what they were.
-- What stands in double braces comes from the catalogue, never from the request.
with delivered as (
  select
    *,
    row_number() over (partition by click_id order by recovered, rules_version desc, ts, dt) as delivery
  from clicks_raw
  where dt between ? and ?
),
{{minted}}
clicked as (
  select
    *,
    at_timezone(from_unixtime(ts / 1e3), ?) as local_time
  from delivered
  where delivery = 1 and ts >= ? and ts < ? and outcome <> 'validation' and {{known_codes}}
),
{{clicks_of_recipients}}
dimensioned as (
  select
    *,
    element_at(reasons, 1) as reason,
    cast(cast(local_time as date) as varchar) as day,
    cast(hour(local_time) as bigint) as hour_of_day,
    cast(mod(date_diff('day', date '1969-12-29', cast(local_time as date)), 7) + 1 as bigint) as weekday
  from {{clicked}}
),
filtered as (
  select
    *,
    case
      when actor = 'human' and subscriber_no is not null
      then cast(subscriber_no as varchar) || ' ' || coalesce(campaign_id, '')
    end as subscriber_campaign,
    case
      when actor = 'human' and subscriber_no is not null and link_no is not null
      then cast(subscriber_no as varchar) || ' ' || cast(link_no as varchar)
    end as subscriber_link
  from dimensioned
  where {{filters}}
),
counted as (
  select
    {{dimensions}}
    count(click_id) as clicks_total,
    count(case when actor = 'human' then click_id end) as clicks_human,
    count(case when actor = 'suspect' then click_id end) as clicks_suspect,
    count(case when actor = 'bot' then click_id end) as clicks_bot,
    count(distinct subscriber_campaign) as clicks_unique,
    count(case when actor = 'human' and subscriber_no is null then click_id end) as clicks_anonymous,
    {{first_clicks}} as first_clicks,
    {{is_total}} as is_total
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
  clicks_total, clicks_human, clicks_suspect, clicks_bot, clicks_unique, clicks_anonymous, first_clicks, is_total
from placed
where is_total or (place > ? and place <= ?)
order by is_total desc, place
