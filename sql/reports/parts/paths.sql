-- Part paths of reports: steps of a WITH, after part candidates.
-- Grain of its last step, steps: one touch of the path of one conversion; one row with a reason where there is no path.
-- Columns: the candidate's, and
--   place, path_length  from 1 for the first touch; of a network the click it named is the last
--   reason              why there is no path: unmatched, bot_click, outside_window, touch_after_conversion, no_touch, or
--                       sale_too_old where its touches lie before the days that are read
--   touched_at          when the touch was: of a code, when it was redeemed
-- DuckDB makes it once: without an end between this chain of windows and the next its planner takes seconds (sql/duckdb-hints.ts).
belonging as (
  select
    *,
    case
      when not is_wanted or named_unwanted = 1 then false
      when has_named = 1 and (named_anonymous = 1 or person_no is null) then is_named
      when person_no is null or subscriber_no is null or subscriber_no <> person_no then false
      when source_kind <> 'network' then true
      when has_named = 0 or kind <> 'click' then false
      when named_offer_id = '' then coalesce(link_no = named_link_no and offer_id is null, false)
      else coalesce(offer_id = named_offer_id, false)
    end as belongs
  from candidates
),
windowed as (
  select
    *,
    belongs and is_before and age_ms <= window_ms as in_window
  from belonging
),
/*+ duckdb
touch_facts as (
  select
    conversion_id as facts_conversion_id,
    {{of_touches}}
  from windowed
  group by conversion_id
),
*/
judged as (
  select
    *
    /*+ athena */,
    {{over_touches}}
    /*+ duckdb */
  from windowed
  /*+ duckdb join touch_facts on facts_conversion_id = conversion_id */
),
decided as (
  select
    *,
    case
      when match = 'none' or named_unwanted = 1 or converted_at < {{?oldest_sale}} then false
      when kind = 'code' then source_kind <> 'network' and is_before and has_click = 0
        and coalesce(subscriber_no = person_no, false)
      else in_window and (source_kind <> 'network' or has_named_in_window = 1)
    end as in_path,
    case
      when match = 'none' then 'unmatched'
      when converted_at < {{?oldest_sale}} then 'sale_too_old'
      when named_unwanted = 1 then 'bot_click'
      when nearest = 0 then 'no_touch'
      when nearest = 1 then 'touch_after_conversion'
      else 'outside_window'
    end as why_not,
    case when kind = 'code' then converted_at else ts end as touched_at
  from judged
),
placed_touches as (
  select
    *,
    cast(sum(case when in_path then 1 else 0 end) over (partition by conversion_id) as bigint) as touches_in_path,
    row_number() over (
      partition by conversion_id
      order by
        case when in_path then 0 else 1 end, case when source_kind = 'network' and is_named then 1 else 0 end, touched_at,
        link_no nulls last, touch_id
    ) as place
  from decided
  where in_path or kind = 'none'
),
steps as /*+ materialized */ (
  select
    *,
    case when not in_path then why_not end as reason,
    greatest(touches_in_path, 1) as path_length,
    case when kind = 'code' then 0 else age_ms end as weighing_age_ms
  from placed_touches
  where in_path or touches_in_path = 0
),
