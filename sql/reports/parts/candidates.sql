-- Part candidates of reports: steps of a WITH, after part touchpoints.
-- Grain:  one touch that may belong to one conversion: of the same subscriber, or the click named, or a stand-in.
-- A click is found by its id; one that was rebuilt from logs has another id and the link, the nonce and the minute in common.
-- Columns: the touch's, the conversion's, and
--   is_named   the click that the conversion names
--   is_wanted  a human click, or of the verdicts asked for, or an imported touch
--   is_before  at most a minute after the conversion: clocks of two companies differ
--   age_ms     0 or more
--   preference  of several rows of the click named the greatest is kept: its own, else one rebuilt, else the stand-in; of messages
--              that carried the code the latest before the conversion
--   window_ms  how long after it a conversion may follow
--   has_named, named_…  whether there is a click named, and what the one kept says; no offer is '', no link -1
-- What a conversion's rows say together DuckDB groups and joins: beside each of so wide rows it costs four times as much.
-- What may belong is decided step by step as in lambdas/core/attribution/eligible.ts.
wanting as (
  select
    converted.*,
    k.key_kind,
    case k.key_kind
      when 'subscriber' then cast(subscriber_no as varchar)
      when 'click' then click_id
      when 'nonce' then cast(link_no as varchar) || ' ' || cast(nonce as varchar)
      else conversion_id
    end as key
  from converted
  cross join (values ('subscriber'), ('click'), ('nonce'), ('self')) as k (key_kind)
),
findable as (
  select
    touchpoints.*,
    k.key_kind,
    case k.key_kind
      when 'self' then self
      when 'subscriber' then case when self is null then cast(subscriber_no as varchar) end
      when 'click' then case when self is null and kind = 'click' and not imported then touch_id end
      else case when recovered then cast(link_no as varchar) || ' ' || cast(nonce as varchar) end
    end as key
  from touchpoints
  cross join (values ('subscriber'), ('click'), ('nonce'), ('self')) as k (key_kind)
),
met as (
  select
    t.kind, t.imported, t.self, t.touch_id, t.ts, t.actor, t.subscriber_no, t.link_no, t.offer_id, t.sent_at, t.channel,
    t.campaign_id, t.message_id, t.creative, t.segment, t.partner{{touch_columns}},
    c.conversion_id, c.source_kind, c.source_id, c.event, c.current_status, c.product, c.match, c.converted_at,
    c.click_id, c.subscriber_no as person_no, c.subscriber_id, c.campaign_id as own_campaign_id,
    c.match = 'click_id' and t.kind = 'click' and not t.imported and (
      t.touch_id = c.click_id or (t.recovered and t.nonce = c.nonce and t.link_no = c.link_no
        and t.ts between c.clicked_at - 60000 and c.clicked_at + 60000)
    ) as is_named,
    case
      when t.kind in ('none', 'code') then false
      when t.imported then true
      else strpos({{?actors}}, ',' || t.actor || ',') > 0
    end as is_wanted,
    c.converted_at - t.ts >= -60000 as is_before,
    greatest(c.converted_at - t.ts, 0) as age_ms
  from wanting c
  join findable t on t.key_kind = c.key_kind and t.key = c.key
  where (t.kind <> 'code' or t.touch_id = c.code)
    -- what is found by its subscriber is not found once more by its id
    and (t.key_kind not in ('click', 'nonce') or not coalesce(t.subscriber_no = c.subscriber_no, false))
    and (t.key_kind <> 'nonce' or t.touch_id <> c.click_id)
),
ranked as (
  select
    met.*,
    case
      when is_named
        then case when touch_id = click_id and self is null then '2' when self is null then '1' else '0' end || touch_id
      when kind = 'code'
        then case when is_before then '1' else '0' end || case when self is null then '1' else '0' end
          || lpad(cast(ts as varchar), 15, '0') || lpad(coalesce(cast(link_no as varchar), ''), 20, '~')
    end as preference,
    {{window_ms}} as window_ms
  from met
  cross join terms
  -- what is neither wanted nor named can be in no path, nor say why there is none; of a network only the click named says why
  where coalesce(is_named, true) or kind in ('none', 'code') or (
    coalesce(is_wanted, true) and (source_kind <> 'network' or (is_before and age_ms <= {{window_ms}}))
  )
),
/*+ duckdb
named_touches as (
  select
    conversion_id as named_conversion_id,
    {{of_named_touch}}
  from ranked
  group by conversion_id
),
*/
preferred as (
  select
    *
    /*+ athena */,
    {{over_named_touch}}
    /*+ duckdb */
  from ranked
  /*+ duckdb join named_touches on named_conversion_id = conversion_id */
),
candidates as (
  select *
  from preferred
  where (not is_named or preference = best_named) and (kind <> 'code' or preference = best_code)
),
