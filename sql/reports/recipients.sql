-- Report recipients
-- Grain:  one group of the dimensions asked for, and one row over all of them (is_total): computed, not added up.
-- Source: recipients_raw (parts/minted.sql). A subscriber on a link counts once, when first minted on it.
-- Columns: the dimensions, then
--   recipients     distinct (subscriber, link)
--   subscribers    distinct subscribers
--   holdout        of the recipients, those who got no code and are not messaged
--   with_identity  of the recipients, those of whom an e-mail, phone or customer id is known
--   is_total       true on the row over all groups
-- What stands in double braces comes from the catalogue, never from the request.
with
{{minted}}
dimensioned as (
  select
    {{attributes}}
    *,
    cast(cast(at_timezone(from_unixtime(first_minted_at / 1e3), ?) as date) as varchar) as day
  from minted
  where first_minted_at >= ?
),
filtered as (
  select *
  from dimensioned
  where {{filters}}
),
counted as (
  select
    {{dimensions}}
    count(link_no) as recipients,
    count(distinct subscriber_no) as subscribers,
    count(case when any_code is null then link_no end) as holdout,
    count(case when identified = 1 then link_no end) as with_identity,
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
  recipients, subscribers, holdout, with_identity, is_total
from placed
where is_total or (place > ? and place <= ?)
order by is_total desc, place
