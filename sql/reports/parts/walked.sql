-- Part walked of reports: steps of a WITH, after parts paths and roaming.
-- Grain of its last step, merged: one sequence of units that was walked to conversions or to none; or one reason why there is none.
-- A unit is what the dimensions asked for say of a touch; their values stand between characters 31, 29 is none, and units stand
-- between characters 30.
-- Columns:
--   path         the sequence
--   conversions  how many that count ended it; those before the range that were changed in it are none
--   nulls        how many journeys walked it whole to no conversion in the range
--   touches      touches in the paths of those conversions
--   money        by entries in the range, for each currency `code revenue payout gross refunded`, minor units, separated by commas
paths_of_conversions as (
  select
    conversion_id,
    own_campaign_id,
    current_status,
    event,
    reason,
    case when reason is null then array_join(array_agg({{unit}} order by place), chr(30)) end as path,
    count(*) as path_touches
  from steps
  group by conversion_id, own_campaign_id, current_status, event, reason
),
earning as (
  select
    path,
    reason,
    e.currency,
    case
      when entry_place = 1 and p.current_status <> 'rejected'
        and strpos(coalesce(element_at(campaign_events, own_campaign_id), account_events), ',' || p.event || ',') > 0
      then 1
      else 0
    end as conversions,
    case when entry_place = 1 and reason is null then path_touches else 0 end as touches,
    coalesce(e.revenue_minor, 0) as revenue,
    coalesce(e.payout_minor, 0) as payout,
    case when e.entry in ('sale', 'correction') then coalesce(e.revenue_minor, 0) else 0 end as gross,
    case when e.entry in ('sale', 'correction') then 0 else -coalesce(e.revenue_minor, 0) end as refunded
  from paths_of_conversions p
  join entries e on e.conversion_id = p.conversion_id
  cross join terms
  where e.occurred_at >= {{?from}} and e.occurred_at < {{?to}}
),
journeys as (
  select
    *,
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
null_paths as (
  select
    journey,
    array_join(array_agg({{unit}} order by from_last desc), chr(30)) as path,
    max(case when from_last = 1 then ts + window_ms end) as open_until
  from journeys
  group by journey
),
walked as (
  select
    path, reason, currency,
    sum(conversions) as conversions, 0 as nulls, sum(touches) as touches,
    sum(revenue) as revenue, sum(payout) as payout, sum(gross) as gross, sum(refunded) as refunded
  from earning
  group by path, reason, currency
  union all
  select path, null, null, 0, count(*), 0, 0, 0, 0, 0
  from null_paths
  where open_until < {{?mature_at}}
  group by path
),
merged as (
  select
    path,
    reason,
    cast(sum(conversions) as bigint) as conversions,
    cast(sum(nulls) as bigint) as nulls,
    cast(sum(touches) as bigint) as touches,
    array_join(
      array_sort(
        array_agg(
          coalesce(currency, '') || ' ' || cast(revenue as varchar) || ' ' || cast(payout as varchar) || ' '
          || cast(gross as varchar) || ' ' || cast(refunded as varchar)
        )
      ),
      ','
    ) as money
  from walked
  group by path, reason
),
