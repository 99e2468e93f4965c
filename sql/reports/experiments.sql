-- Report experiments
-- Grain:  one arm of one experiment, within the further dimensions asked for, and one row over all (is_total).
-- Source: recipients_raw (parts/minted.sql, parts/drawn.sql). A subscriber counts once in an experiment, where first
--         assigned; who was drawn account-wide and in the campaign counts in either.
-- Columns: the dimensions, then
--   assigned       distinct subscribers
--   share          assigned / assigned of all arms of the group; null on the total
--   with_identity  of the assigned, those of whom an e-mail, phone or customer id is known
--   sizes          all arms of the group with their sizes, `arm=size,…`: a page may not hold all of them
--   is_last_arm    true on one row of each group
--   is_total       true on the row over all groups
-- Planned shares are not in the lake: the test of the sizes is added afterwards.
-- What stands in double braces comes from the catalogue, never from the request.
with
{{minted}}
{{drawn}}
dimensioned as (
  select
    {{attributes}}
    *,
    cast(cast(at_timezone(from_unixtime(minted_at / 1e3), ?) as date) as varchar) as day
  from assignments
  where assignment = 1 and minted_at >= ?
),
filtered as (
  select *
  from dimensioned
  where {{filters}}
),
counted as (
  select
    {{dimensions}}
    count(distinct experiment || ' ' || cast(subscriber_no as varchar)) as assigned,
    count(case when person_identified = 1 then link_no end) as with_identity,
    {{is_total}} as is_total
  from filtered
  group by grouping sets ({{grouping_sets}})
),
placed as (
  select
    *,
    case when not is_total
      then cast(assigned as double) / sum(assigned) over (partition by is_total{{within}})
    end as share,
    array_join(
      array_sort(
        array_agg(coalesce(arm, '') || '=' || cast(assigned as varchar)) over (partition by is_total{{within}})
      ),
      ','
    ) as sizes,
    coalesce(arm, '') = max(coalesce(arm, '')) over (partition by is_total{{within}}) as is_last_arm,
    row_number() over (partition by is_total order by {{order}}) as place
  from counted
)
select
  {{output}}
  assigned, share, with_identity, sizes, is_last_arm, is_total
from placed
where is_total or (place > ? and place <= ?)
order by is_total desc, place
