-- Report performance
-- Grain:  one group of the dimensions asked for and of the reason why a conversion has no touch, and one row over all (is_total):
--         computed, not added up. Conversions without a touch are (unattributed), so that rows add up to the ledger.
-- Source: sends_raw, send_totals_raw, clicks_raw, and for credits under the account's model conversions_raw, touches_raw and
--         recipients_raw; rates_raw. The parts say of which days.
-- Columns: the dimensions, reason, then sums; what can be divided is divided afterwards (sql/performance-rows.ts)
--   sent … delay           sums of the facts; amounts in their own currency, and in the report's with _in
--   uniques                distinct (subscriber, campaign) with a human click
--   least_currency, most_currency  first and last of the currencies there are
--   unknown                1 where an amount is on a day that the rates do not know
--   has_puts               1 where totals of a day are among the messages: nobody knows whose they are
--   <ratio>_n, _rr, _rc, _cc  clusters of a ratio and sums of products over them (parts/cluster-sums.sql)
--   p50_delay_ms, p90_delay_ms  by nearest rank
--   money                  for each currency `code revenue payout cost`, minor units and millionths, separated by commas
--   is_total               true on the row over all groups
-- What stands in double braces comes from the catalogue, never from the request.
with
{{terms}}
{{ledger}}
{{touchpoints}}
{{candidates}}
{{paths}}
{{credits}}
{{splits}}
{{send_units}}
{{rates}}
{{minted}}
{{facts}}
dimensioned as (
  select
    {{attributes}}
    {{people}}
    facts.*,
    cast(cast(local_time as date) as varchar) as day,
    case when not is_put then cast(hour(local_time) as bigint) end as hour_of_day,
    cast(mod(date_diff('day', date '1969-12-29', cast(local_time as date)), 7) + 1 as bigint) as weekday
  from (
    select
      *,
      at_timezone(from_unixtime(ts / 1e3), {{?tz}}) as local_time
    from facts
    where ts >= {{?from}} and ts < {{?to}}
  ) as facts
  {{join_people}}
),
measured as (
  select
    {{dimensions}}
    person, single, is_open, currency, currency as paid_in, cost, cost_in, revenue, revenue_in, payout, payout_in, weight, credit, delay_ms,
    sent, sent_tracked, delivered, opt_outs,
    case when is_put then 1 else 0 end as has_puts,
    case when is_click then 1 else 0 end as clicks,
    case when is_click and actor = 'human' then 1 else 0 end as human,
    case when is_click and actor = 'suspect' then 1 else 0 end as suspect,
    case when is_click and actor = 'bot' then 1 else 0 end as bot,
    case when is_click and actor = 'human' and person is null then 1 else 0 end as anonymous,
    case when is_click and actor = 'human' and person is not null then coalesce(campaign_id, '') end as unique_campaign,
    case when is_click and actor = 'human' and person is not null then {{link}} end as unique_link,
    case when "match" = 'click_id' then credit else 0e0 end as credit_click,
    case when "match" = 'promo_code' then credit else 0e0 end as credit_promo,
    case when "match" = 'identity' then credit else 0e0 end as credit_identity,
    case when "match" <> 'none' then credit else 0e0 end as credit_matched,
    case when is_reversed then credit else 0e0 end as credit_reversed,
    case when event = 'sale' then credit else 0e0 end as credit_sale,
    case when entry in ('refund', 'chargeback') then weight else 0e0 end as refunds,
    case when currency is not null and (
      (revenue <> 0 and revenue_in is null) or (payout <> 0 and payout_in is null) or (cost <> 0 and cost_in is null)
    ) then 1 else 0 end as unknown,
    {{amounts}}
  from dimensioned
  where {{filters}}
),
summed as (
  select
    {{dimensions}} person, single, currency,
    grouping(person) = 0 as is_person,
    grouping(reason) = 1 as is_total,
    {{sums}}
    count(distinct unique_campaign) as uniques,
    count(distinct unique_link) as first_clicks,
    min(paid_in) as least_currency,
    max(paid_in) as most_currency,
    max(unknown) as unknown,
    max(is_open) as is_open,
    max(has_puts) as has_puts,
    array_agg(delay_ms) filter (where delay_ms is not null) as delays
  from measured
  group by grouping sets (({{by}}, person, single), (person, single), ({{by}}, currency), (currency))
),
counted as (
  select
    {{dimensions}} is_total,
    {{totals}}
    cast(sum(uniques) filter (where is_person) as bigint) as uniques,
    cast(sum(first_clicks) filter (where is_person) as bigint) as first_clicks,
    min(least_currency) as least_currency,
    max(most_currency) as most_currency,
    max(unknown) as unknown,
    max(is_open) as is_open,
    max(has_puts) as has_puts,
    {{cluster_sums}}
    array_sort(flatten(array_agg(delays) filter (where is_person and delays is not null))) as delays,
    array_join(
      array_sort(
        array_agg(
          currency || ' ' || cast(cast(coalesce(revenue, 0) as bigint) as varchar)
            || ' ' || cast(cast(coalesce(payout, 0) as bigint) as varchar)
            || ' ' || cast(cast(coalesce(cost, 0) as bigint) as varchar)
        ) filter (where not is_person and currency is not null)
      ),
      ','
    ) as money
  from summed
  group by {{by}}, is_total
),
placed as (
  select
    *,
    element_at(delays, cast(ceil(cardinality(delays) * 5e-1) as bigint)) as p50_delay_ms,
    element_at(delays, cast(ceil(cardinality(delays) * 9e-1) as bigint)) as p90_delay_ms,
    row_number() over (partition by is_total order by {{order}}) as place
  from counted
)
select
  {{output}}
  {{figures}}
  uniques, first_clicks, least_currency, most_currency, unknown, is_open, has_puts,
  {{cluster_names}}
  p50_delay_ms, p90_delay_ms, money, is_total
from placed
where is_total or (place > {{?offset}} and place <= {{?last}})
order by is_total desc, place
