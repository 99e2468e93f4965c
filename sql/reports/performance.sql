-- Report performance
-- Grain:  one group of the dimensions asked for and of the reason why a conversion has no touch, and one row over all (is_total):
--         computed, not added up. Conversions without a touch are (unattributed), so that rows add up to the ledger.
-- Source: sends_raw, send_totals_raw, clicks_raw, and for credits under the account's model conversions_raw, touches_raw and
--         recipients_raw; rates_raw. The parts say of which days.
-- Columns: the dimensions, reason, then sums; what can be divided is divided afterwards (sql/performance-rows.ts)
--   sent … delay           sums of the facts; amounts in their own currency, and in the report's with _in
--   …_tracked              of messages of which receipts are told: what is divided by delivered
--   unpriced               messages sent of which no price is known
--   uniques                distinct (subscriber, campaign) with a human click
--   least_currency, most_currency  first and last of the currencies of which any sum is other than 0
--   unknown                1 where an amount of a currency with such a sum is on a day that the rates do not know
--   has_puts               1 where totals of a day are among the messages: nobody knows whose they are
--   human_people …         of clicks: parts/performance-taps.sql
--   <ratio>_n, _rr, _rc, _cc  clusters of a ratio and sums of products over them (parts/cluster-sums.sql), what clicks alone
--                          have left out
--   p50_delay_ms, p90_delay_ms  by nearest rank
--   money                  for each currency `code revenue payout cost`, minor units and millionths, and where the rates do not know a day
--                          of its amounts the first and last of those (days since 1970); separated by commas
--   is_total               true on the row over all groups
-- People are many and of them little is divided: DuckDB adds that up by itself (sql/duckdb-hints.ts); Athena, which would read the lake
-- twice for it, adds up all for everybody. Totals come from the groups by currency, which both have.
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
{{tap_dimensions}}
{{other_dimensions}}
{{taps}}
measured as (
  select
    {{dimensions}}
    person, single, is_open, currency, unknown_day, cost, cost_in, revenue, revenue_in, payout, payout_in, weight,
    credit, delay_ms, sent, sent_tracked, delivered, opt_outs, opt_outs_tracked,
    case when is_put then 1 else 0 end as has_puts,
    case when cost is null then sent end as unpriced,
    case when "match" = 'click_id' then credit else 0e0 end as credit_click,
    case when "match" = 'click_id' and reason is null then credit else 0e0 end as credit_clicked,
    case when "match" = 'promo_code' then credit else 0e0 end as credit_promo,
    case when "match" = 'identity' then credit else 0e0 end as credit_identity,
    case when "match" <> 'none' then credit else 0e0 end as credit_matched,
    case when is_reversed then credit else 0e0 end as credit_reversed,
    case when event = 'sale' then credit else 0e0 end as credit_sale,
    case when entry in ('refund', 'chargeback') then weight else 0e0 end as refunds,
    {{amounts}}
  from asked_other
),
summed as (
  select
    {{dimensions}}
    /*+ athena */ person, single, grouping(person) = 0 as is_person, /*+ duckdb
    cast(null as bigint) as person, cast(null as varchar) as single, false as is_person, */
    currency,
    grouping(reason) = 1 as is_total,
    {{sums}}
    min(unknown_day) as unknown_first,
    max(unknown_day) as unknown_last,
    max(is_open) as is_open,
    max(has_puts) as has_puts,
    array_agg(delay_ms) filter (where delay_ms is not null) as delays
  from measured
  group by grouping sets (
    /*+ athena */ ({{by}}, person, single), (person, single), /*+ duckdb */
    ({{by}}, currency), (currency)
  )
  /*+ duckdb
  union all
  select
    {{dimensions}} person, single, true, null, grouping(reason) = 1, {{sums_of_people}} null, null, null, null, null
  from measured
  group by grouping sets (({{by}}, person, single), (person, single))
  */
),
paired as (
  select
    {{dimensions}} is_total, is_open, has_puts,
    case when not is_person and ({{has_money}}) then currency end as live_currency,
    case when not is_person and unknown_first is not null and ({{has_money}} or {{has_money_in}}) then 1 else 0 end as unknown,
    {{of_people}}
    {{of_groups}}
    case when not is_person then delays end as delays,
    {{taps_of_people}}
    case
      when not is_person and currency is not null
      then currency || ' ' || cast(cast(coalesce(revenue, 0) as bigint) as varchar)
        || ' ' || cast(cast(coalesce(payout, 0) as bigint) as varchar)
        || ' ' || cast(cast(coalesce(cost, 0) as bigint) as varchar)
        || coalesce(' ' || cast(unknown_first as varchar) || ' ' || cast(unknown_last as varchar), '')
    end as amounts
  from summed
  left join (
    select
      {{tap_group}}
      is_total as tap_total,
      coalesce(person, -1) as tap_person,
      {{tapped_people}}
      coalesce(single, '') as tap_single
    from tap_sets
    where is_person {{converting_people}}
  ) as tapped on tap_total = is_total
    and tap_person = case when is_person and reason is null then coalesce(person, -1) end
    and tap_single = coalesce(single, '')
    {{same_group}}
),
other_counts as (
  select
    {{dimensions}} is_total,
    {{totals}}
    {{cluster_sums}}
    min(live_currency) as least_currency,
    max(live_currency) as most_currency,
    max(unknown) as unknown,
    max(has_puts) as has_puts,
    max(is_open) as is_open,
    {{p50}} as p50_delay_ms,
    {{p90}} as p90_delay_ms,
    array_join(array_sort(array_agg(amounts) filter (where amounts is not null)), ',') as money
  from paired
  group by {{by}}, is_total
),
counted as (
  select
    {{dimensions}} is_total,
    {{figures}}
    max(is_open) as is_open
  from (
    select {{dimensions}} is_total, {{tap_columns}} {{no_other_columns}} is_open
    from tap_counts
    union all
    select {{dimensions}} is_total, {{no_tap_columns}} {{other_columns}} is_open
    from other_counts
  ) as both_sides
  group by {{by}}, is_total
),
placed as (
  select
    *,
    row_number() over (partition by is_total order by {{order}}) as place
  from counted
)
select
  {{output}}
  {{tap_columns}} {{other_columns}}
  is_open, is_total
from placed
where is_total or (place > {{?offset}} and place <= {{?last}})
order by is_total desc, place
