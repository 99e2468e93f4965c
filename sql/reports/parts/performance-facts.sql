-- Part performance-facts of reports: steps of a WITH, after parts terms to splits, send-units and rates.
-- Grain of tap_facts: one click. Grain of other_facts: one message (or the totals of a day; or, where nothing asks for single ones,
--         many alike: part lumped-messages), or one entry of the ledger for one touch of its conversion's path. What one of them
--         cannot have is null.
-- Columns: the dimensions, and
--   ts              the moment that decides range and day: by the basis, as far as there is one on it
--   person, single  who it is of: a subscriber, else the one click, message or conversion; nobody where totals of a day are told,
--                   nor of any message unless by send: nothing else is divided by messages, and they are many
--   currency        of the amounts
--   cost, revenue, payout            millionths and minor units of it
--   cost_in, revenue_in, payout_in   the same of the report's currency: each converted at the rate of its UTC day and rounded once,
--                   half away from zero, so that rows add up; null where the rates do not know the day
--   unknown_day     UTC day (days since 1970) of an amount that the rates do not bring into the report's currency
--   credit          share of a conversion that counts, on the row of its sale; is_reversed where nothing is left of it
--   is_tracked      by send, of a click: true where receipts are told of the message it answers to; where no message to that person is
--                   told, of any of its campaign and message, or of its campaign where it names no message
--   delay_ms        from a click to its conversion
{{sent_spans}}
{{receipted}}
{{addressed}}
told_tapped_clicks as /*+ duckdb not materialized */ (
  select *
  from clicks_raw
  where dt between {{?clicks_first}} and {{?clicks_last}} and ts < {{?as_of}} and {{has_clicks}}
),
{{tapped_clicks}}
taps as (
  select tapped_clicks.*, {{tap_clock}} as clock, {{is_tracked}} as is_tracked
  from tapped_clicks
  {{spans_of_taps}}
  {{receipts_of_taps}}
  where delivery = 1 and code_kind <> 'unknown' and outcome <> 'validation'
),
credited as (
  select
    s.*,
    {{credit_clock}} as clock,
    case
      when entry_place = 1 and current_status <> 'rejected'
        and strpos(coalesce(element_at(campaign_events, own_campaign_id), account_events), ',' || event || ',') > 0
      then weight
      else 0e0
    end as credit,
    revenue_net_share - revenue_before_share as revenue,
    payout_net_share - payout_before_share as payout,
    case
      when s.currency = {{?currency}} then 1e0
      else factor * power(1e1, {{?exponent}} - coalesce(element_at(exponents, s.currency), 2))
    end as minor_factor,
    is_taken_back or current_status = 'reversed' as is_reversed
  from {{shared}} s
  cross join terms
  cross join exponents
  left join factors on factors.currency = s.currency
    and factors.rate_day = cast(floor(cast(occurred_at as double) / 86400000) as bigint)
  {{spans_of_credits}}
),
tap_facts as (
  select
    clock as ts, campaign_id, message_id, creative, segment, offer_id, partner, link_no, 'sms' as channel, actor, domain,
    country, region, os, device, cast(null as varchar) as carrier, cast(null as varchar) as source,
    cast(null as varchar) as event, cast(null as varchar) as status, cast(null as varchar) as "match",
    cast(null as varchar) as product, cast(null as varchar) as known_subscriber_id, cast(null as varchar) as reason,
    subscriber_no, subscriber_no as person, case when subscriber_no is null then click_id end as single, false as is_put,
    is_tracked,
    case
      when actor = 'human' and ts > {{?asked_at}} - {{?longest_window}}
        and ts + coalesce(
          element_at(campaign_windows, campaign_id), element_at(offer_windows, offer_id), account_window
        ) > {{?asked_at}}
      then 1
      else 0
    end as is_open
  from taps
  cross join terms
),
message_facts as (
  select
    ts, campaign_id, message_id, creative, segment, {{send_link}} as link_no, carrier, subscriber_id, subscriber_no,
    {{message_person}} as person, {{message_single}} as single, is_put,
    sent, sent_tracked, delivered, opt_outs, opt_outs_tracked,
    case when waiting = 1 and ts > {{?receipts_from}} then 1 else 0 end as is_open,
    cost_micros as cost,
    case
      when units.currency = {{?currency}} then cost_micros
      else cast(round(cost_micros * factor) as bigint)
    end as cost_in,
    units.currency as currency,
    case
      when cost_micros <> 0 and units.currency <> {{?currency}} and factor is null
      then cast(floor(cast(ts as double) / 86400000) as bigint)
    end as unknown_day
  from {{units}} as units
  left join factors on factors.currency = units.currency
    and factors.rate_day = cast(floor(cast(ts as double) / 86400000) as bigint)
  where {{has_sends}}
),
{{lumped_messages}}
other_facts as (
  select
    ts, campaign_id, message_id, creative, segment, cast(null as varchar) as offer_id, cast(null as varchar) as partner,
    link_no, 'sms' as channel, cast(null as varchar) as actor, cast(null as varchar) as domain,
    cast(null as varchar) as country, cast(null as varchar) as region, cast(null as varchar) as os,
    cast(null as varchar) as device, carrier, cast(null as varchar) as source, cast(null as varchar) as event,
    cast(null as varchar) as status, cast(null as varchar) as "match", cast(null as varchar) as product,
    subscriber_id as known_subscriber_id, cast(null as varchar) as reason,
    subscriber_no, person, single, is_put,
    sent, sent_tracked, delivered, opt_outs, opt_outs_tracked, is_open, cost, cost_in, currency,
    cast(null as varchar) as entry, false as is_gross, 0e0 as weight, 0e0 as credit, false as is_reversed,
    cast(null as bigint) as revenue, cast(null as bigint) as payout,
    cast(null as bigint) as revenue_in, cast(null as bigint) as payout_in, cast(null as bigint) as delay_ms,
    unknown_day
  from {{messages}}
  union all
  select
    clock,
    case when reason is null then campaign_id else '(unattributed)' end,
    case when reason is null then message_id else '(unattributed)' end,
    case when reason is null then creative else '(unattributed)' end,
    case when reason is null then segment else '(unattributed)' end,
    case when reason is null then offer_id else '(unattributed)' end,
    case when reason is null then partner else '(unattributed)' end,
    case when reason is null then link_no end,
    case when reason is null then channel else '(unattributed)' end,
    case when reason is null then actor end,
    {{touch_fields}}
    null, source_id, event, current_status, "match", product, subscriber_id, reason,
    case when reason is null then subscriber_no end,
    case when reason is null then subscriber_no else person_no end,
    case
      when reason is null and subscriber_no is null then touch_id
      when reason is not null and person_no is null then conversion_id
    end,
    false, null, null, null, null, null, 0, null, null, currency, entry, is_gross, weight, credit, is_reversed, revenue, payout,
    cast(round(revenue * minor_factor) as bigint), cast(round(payout * minor_factor) as bigint),
    case when credit > 0 and reason is null and kind = 'click' and not imported then weighing_age_ms end,
    case
      when (revenue <> 0 or payout <> 0) and currency is not null and minor_factor is null
      then cast(floor(cast(occurred_at as double) / 86400000) as bigint)
    end
  from credited
  where {{has_conversions}}
),
