-- Part walked of reports: steps of a WITH, after parts paths and roaming.
-- What data-driven models need of all paths, however many there are: which unit followed which (Markov), and what sets of units
-- brought (Shapley). See docs/adr/0024-paths-as-steps-and-sets.md.
-- A unit is what the dimensions asked for say of a touch; their values stand between characters 31, and 29 is none.
-- Grain of its last step, tallied, by kind:
--   step  a unit after another (unit_before; none at the start), not after itself: how many conversions and null journeys took it
--   end   a unit at the end: how many conversions and null journeys it ended, what those conversions brought
--   set   a unit among size different ones: conversions whose path has just so many, what they brought; touches
--   none  a reason why there is no path: conversions, what they brought
-- Columns:
--   conversions  those that count and whose sale is in the range
--   nulls        journeys without a conversion in the range
--   revenue, payout, gross, refunded   by entries in the range, minor units of currency
units_of_conversions as (
  select
    conversion_id, own_campaign_id, current_status, event, reason, place, path_length,
    {{unit}} as unit
  from steps
),
numbered_units as (
  select
    *,
    lag(unit) over (partition by conversion_id order by place) as unit_before,
    row_number() over (partition by conversion_id, unit order by place) as occurrence,
    dense_rank() over (partition by conversion_id order by unit) as unit_rank
  from units_of_conversions
),
sized_units as (
  select
    *,
    max(unit_rank) over (partition by conversion_id) as size
  from numbered_units
),
earning as (
  select
    u.unit, u.unit_before, u.size, u.reason, u.place, u.path_length, u.occurrence,
    e.currency,
    entry_place,
    case
      when entry_place = 1 and u.current_status <> 'rejected'
        and strpos(coalesce(element_at(campaign_events, own_campaign_id), account_events), ',' || u.event || ',') > 0
      then 1
      else 0
    end as counted,
    coalesce(e.revenue_minor, 0) as revenue,
    coalesce(e.payout_minor, 0) as payout,
    case when e.is_gross then coalesce(e.revenue_minor, 0) else 0 end as gross,
    case when e.is_gross then 0 else -coalesce(e.revenue_minor, 0) end as refunded
  from sized_units u
  join entries e on e.conversion_id = u.conversion_id
  cross join terms
  where e.occurred_at >= {{?from}} and e.occurred_at < {{?to}}
),
facets as (
  select
    k.kind,
    case when k.kind = 'step' then unit_before end as unit_before,
    case when k.kind <> 'none' then unit end as unit,
    case when k.kind = 'set' then size end as size,
    case when k.kind = 'none' then reason end as reason,
    case when k.kind <> 'step' then currency end as currency,
    case when k.kind <> 'set' or occurrence = 1 then 1 else 0 end as once,
    case when k.kind = 'set' and entry_place = 1 then 1 else 0 end as touch,
    counted, revenue, payout, gross, refunded
  from earning
  cross join (values ('step'), ('end'), ('set'), ('none')) as k (kind)
  where case k.kind
    when 'none' then reason is not null
    when 'step' then reason is null and entry_place = 1 and (unit_before is null or unit_before <> unit)
    when 'end' then reason is null and place = path_length
    else reason is null
  end
),
journeys as (
  select
    journey, ts, window_ms,
    {{unit}} as unit,
    row_number() over (partition by journey order by ts desc, link_no desc nulls first, touch_id desc) as from_last
  from roaming
  where journey not in (
    select
      case k.kind
        when 'subscriber' then coalesce('subscriber ' || cast(subscriber_no as varchar), '')
        else coalesce('click ' || cast(link_no as varchar) || ' ' || cast(nonce as varchar), click_id, '')
      end
    from converted
    cross join (values ('click'), ('subscriber')) as k (kind)
    where converted_at >= {{?from}} and converted_at < {{?to}}
  )
),
null_units as (
  select
    unit, from_last,
    lead(unit) over (partition by journey order by from_last) as unit_before,
    max(case when from_last = 1 then ts + window_ms end) over (partition by journey) as open_until
  from journeys
),
null_facets as (
  select k.kind, case when k.kind = 'step' then unit_before end as unit_before, unit
  from null_units
  cross join (values ('step'), ('end')) as k (kind)
  where open_until < {{?mature_at}}
    and case when k.kind = 'step' then unit_before is null or unit_before <> unit else from_last = 1 end
),
tallied as (
  select
    kind, unit_before, unit, size, reason, currency,
    sum(once * counted) as conversions, 0 as nulls, sum(touch) as touches,
    sum(once * revenue) as revenue, sum(once * payout) as payout,
    sum(once * gross) as gross, sum(once * refunded) as refunded
  from facets
  group by kind, unit_before, unit, size, reason, currency
  union all
  select kind, unit_before, unit, null, null, null, 0, count(*), 0, 0, 0, 0, 0
  from null_facets
  group by kind, unit_before, unit
),
