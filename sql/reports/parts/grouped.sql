-- Part grouped of reports: steps of a WITH, after parts credits and split.
-- Grain of its last step, grouped: one group of the dimensions asked for and of the reason why there is no touch, and one row over
--         all (is_total).
-- Columns: the dimensions, reason, then conversions (credits), touches, money (for each currency `code revenue payout gross
-- refunded`, minor units, separated by commas), is_total.
{{spans}}
clocked as (
  select
    s.*,
    {{clock}} as clock,
    case
      when entry_place = 1 and current_status <> 'rejected'
        and strpos(coalesce(element_at(campaign_events, own_campaign_id), account_events), ',' || event || ',') > 0
      then weight
      else 0e0
    end as credit,
    case when entry_place = 1 and reason is null then 1 else 0 end as touch,
    revenue_net_share - revenue_before_share as revenue,
    payout_net_share - payout_before_share as payout
  from {{shared}} s
  cross join terms
  {{spans_of_credits}}
),
{{minted}}
dimensioned as (
  select
    {{attributes}}
    {{arm}}
    currency, is_gross, credit, touch, revenue, payout, reason, model,
    source_id as source, event, current_status as status, product, match, subscriber_id,
    case when reason is null then campaign_id else '(unattributed)' end as campaign_id,
    case when reason is null then message_id else '(unattributed)' end as message_id,
    case when reason is null then creative else '(unattributed)' end as creative,
    case when reason is null then segment else '(unattributed)' end as segment,
    case when reason is null then partner else '(unattributed)' end as partner,
    case when reason is null then offer_id else '(unattributed)' end as offer_id,
    case when reason is null then channel else '(unattributed)' end as channel,
    case when reason is null then link_no end as link_no,
    case when reason is null then actor end as actor{{touch_columns}},
    cast(cast(local_time as date) as varchar) as day,
    cast(hour(local_time) as bigint) as hour_of_day,
    cast(mod(date_diff('day', date '1969-12-29', cast(local_time as date)), 7) + 1 as bigint) as weekday
  from (
    select
      *,
      at_timezone(from_unixtime(clock / 1e3), {{?tz}}) as local_time
    from clocked
    where clock >= {{?from}} and clock < {{?to}}
  ) as clocked
  {{join_minted}}
),
filtered as (
  select *
  from dimensioned
  where {{filters}}
),
by_currency as (
  select
    {{dimensions}}
    currency,
    sum(credit) as conversions,
    sum(touch) as touches,
    sum(revenue) as revenue,
    sum(payout) as payout,
    sum(case when is_gross then revenue else 0 end) as gross,
    sum(case when is_gross then 0 else -revenue end) as refunded,
    grouping(reason) = 1 as is_total
  from filtered
  group by grouping sets (({{by}}, currency), (currency))
),
grouped as (
  select
    {{dimensions}}
    is_total,
    round(sum(conversions), 9) as conversions,
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
  from by_currency
  group by {{by}}, is_total
),
