-- Report sends
-- Grain:  one group of the dimensions asked for, and one row over all of them (is_total): computed, not added up.
-- Source: sends_raw (the text of view send_states, over all days of arrival from one before the range: receipts come up to 72
--         hours later, and lists are imported when they are at hand) and send_totals_raw of the same days.
-- A message counts once, under the campaign, message, creative and segment it was last told with, on the day it was sent;
-- what a person answers to it counts on that day too, and by itself on its own where no message is named.
-- Totals: the newest put of a campaign, message, day, creative and segment counts, unless messages of that campaign and message
-- were sent within the twelve hours before and after the middle of that day: single messages win.
-- Columns: the dimensions, then
--   sent           messages that got beyond the queue: sent, delivered or failed
--   sent_tracked   of these, those of messages whose provider gives receipts: the denominator of delivery_rate
--   delivered, failed   null where no receipt was told
--   opt_outs_tracked  of opt_outs, those on messages of which receipts are told, and answers by themselves: above opt_out_rate
--   opt_outs, opt_ins   messages, or answers by themselves, on which that was told
--   parts          SMS parts, as far as they are known
--   cost_micros, currency, cost_estimated_micros   null where there are several currencies
--   money          every currency with its cost and what of it is estimated: `EUR cost estimated,USD …`
--   delivery_rate, opt_out_rate   with the limits of Wilson's interval at 95 % (z = 1.959963984540054)
--   immature       true where messages sent within the last 72 hours still wait for a receipt
--   is_total       true on the row over all groups
-- What stands in double braces comes from the catalogue, never from the request.
with states as (
{{states}}
),
messages as (
  select
    *,
    coalesce(sent_at, opted_out_at, opted_in_at) as ts,
    case when state in ('sent', 'delivered', 'failed') then 1 else 0 end as was_sent,
    max(case when state in ('delivered', 'failed') then 1 else 0 end) over (
      partition by provider, campaign_id, message_id
    ) as has_receipts
  from states
),
covered as (
  select distinct campaign_id, message_id, cast(floor(cast(ts as double) / 900000) as bigint) as quarter
  from messages
  where was_sent = 1
),
puts as (
  select
    *,
    row_number() over (
      partition by campaign_id, message_id, "date", creative, segment
      order by recorded_at desc, dt desc, sent desc nulls last, cost_micros desc nulls last
    ) as put
  from send_totals_raw
  where dt >= ?
),
totals as (
  select puts.*
  from puts
  left join covered on covered.campaign_id = puts.campaign_id and covered.message_id = puts.message_id
    and covered.quarter * 900000 >= puts.ts - 43200000 and covered.quarter * 900000 < puts.ts + 43200000
  where put = 1 and covered.campaign_id is null
),
units as (
  select
    ts, campaign_id, message_id, creative, segment, country, carrier, provider,
    was_sent as sent,
    case when has_receipts = 1 then was_sent else 0 end as sent_tracked,
    case when has_receipts = 1 then case when state = 'delivered' then 1 else 0 end end as delivered,
    case when has_receipts = 1 then case when state = 'failed' then 1 else 0 end end as failed,
    case when opted_out_at is not null then 1 else 0 end as opt_outs,
    case when opted_out_at is not null and (has_receipts = 1 or was_sent = 0) then 1 else 0 end as opt_outs_tracked,
    case when opted_in_at is not null then 1 else 0 end as opt_ins,
    case when was_sent = 1 then parts end as parts,
    price_micros as cost_micros, currency, price_kind,
    case when state = 'sent' and not is_settled then 1 else 0 end as waiting,
    false as is_put
  from messages
  union all
  select
    ts, campaign_id, message_id, creative, segment, cast(null as varchar), cast(null as varchar), cast(null as varchar),
    sent,
    case when delivered is not null then sent else 0 end,
    delivered,
    failed,
    coalesce(opt_outs, 0),
    case when delivered is not null then coalesce(opt_outs, 0) else 0 end,
    0,
    cast(null as bigint),
    cost_micros, currency, price_kind,
    case when delivered + coalesce(failed, 0) < sent then 1 else 0 end,
    true
  from totals
),
ranged as (
  select
    *,
    at_timezone(from_unixtime(ts / 1e3), ?) as local_time
  from units
  where ts >= ? and ts < ?
),
dimensioned as (
  select
    *,
    cast(cast(local_time as date) as varchar) as day,
    case when not is_put then cast(hour(local_time) as bigint) end as hour_of_day,
    cast(mod(date_diff('day', date '1969-12-29', cast(local_time as date)), 7) + 1 as bigint) as weekday,
    case when waiting = 1 and ts > ? then 1 else 0 end as is_open
  from ranged
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
    {{is_total}} as is_total,
    sum(sent) as sent,
    sum(sent_tracked) as sent_tracked,
    sum(delivered) as delivered,
    sum(failed) as failed,
    sum(opt_outs) as opt_outs,
    sum(opt_outs_tracked) as opt_outs_tracked,
    sum(opt_ins) as opt_ins,
    sum(parts) as parts,
    sum(cost_micros) as cost_micros,
    sum(case when price_kind = 'list' then cost_micros else 0 end) as estimated_micros,
    max(is_open) as is_open
  from filtered
  group by grouping sets ({{currency_sets}})
  union all
  -- So that there is a total where there is nothing.
  select {{no_dimensions}} null, true, 0, 0, null, null, 0, 0, 0, null, null, 0, 0
),
counted as (
  select
    {{dimensions}}
    is_total,
    cast(coalesce(sum(sent), 0) as bigint) as sent,
    cast(coalesce(sum(sent_tracked), 0) as bigint) as sent_tracked,
    cast(sum(delivered) as bigint) as delivered,
    cast(sum(failed) as bigint) as failed,
    cast(coalesce(sum(opt_outs), 0) as bigint) as opt_outs,
    cast(coalesce(sum(opt_outs_tracked), 0) as bigint) as opt_outs_tracked,
    cast(coalesce(sum(opt_ins), 0) as bigint) as opt_ins,
    cast(sum(parts) as bigint) as parts,
    cast(case when count(cost_micros) = 1 then max(cost_micros) end as bigint) as cost_micros,
    case when count(cost_micros) = 1 then max(case when cost_micros is not null then currency end) end as currency,
    cast(
      case when count(cost_micros) = 1 then max(case when cost_micros is not null then estimated_micros end) end as bigint
    ) as cost_estimated_micros,
    array_join(
      array_agg(
        currency || ' ' || cast(cast(cost_micros as bigint) as varchar) || ' '
          || cast(cast(estimated_micros as bigint) as varchar)
        order by currency
      ) filter (where cost_micros is not null),
      ','
    ) as money,
    coalesce(max(is_open), 0) = 1 as immature
  from by_currency
  group by {{groups}} is_total
),
rated as (
  select
    *,
    case when sent_tracked > 0 then cast(delivered as double) / sent_tracked end as delivery_rate,
    case when delivered > 0 then cast(opt_outs_tracked as double) / delivered end as opt_out_rate,
    case when delivered <= sent_tracked and sent_tracked > 0 then 1.959963984540054e0 * sqrt(
      cast(delivered as double) * (sent_tracked - delivered) / sent_tracked + 0.9603647051735313e0
    ) end as delivery_reach,
    case when opt_outs_tracked <= delivered and delivered > 0 then 1.959963984540054e0 * sqrt(
      cast(opt_outs_tracked as double) * (delivered - opt_outs_tracked) / delivered + 0.9603647051735313e0
    ) end as opt_out_reach
  from counted
),
placed as (
  select
    *,
    case when delivered = 0 and delivery_reach is not null then 0e0
      else (delivered + 1.9207294103470627e0 - delivery_reach) / (sent_tracked + 3.8414588206941254e0)
    end as delivery_rate_low,
    case when delivered = sent_tracked and delivery_reach is not null then 1e0
      else (delivered + 1.9207294103470627e0 + delivery_reach) / (sent_tracked + 3.8414588206941254e0)
    end as delivery_rate_high,
    case when opt_outs_tracked = 0 and opt_out_reach is not null then 0e0
      else (opt_outs_tracked + 1.9207294103470627e0 - opt_out_reach) / (delivered + 3.8414588206941254e0)
    end as opt_out_rate_low,
    case when opt_outs_tracked = delivered and opt_out_reach is not null then 1e0
      else (opt_outs_tracked + 1.9207294103470627e0 + opt_out_reach) / (delivered + 3.8414588206941254e0)
    end as opt_out_rate_high,
    row_number() over (partition by is_total order by {{order}}) as place
  from rated
)
select
  {{output}}
  sent, sent_tracked, delivered, failed, opt_outs, opt_ins, parts, cost_micros, currency, cost_estimated_micros, money,
  delivery_rate, delivery_rate_low, delivery_rate_high, opt_out_rate, opt_out_rate_low, opt_out_rate_high,
  immature, is_total
from placed
where is_total or (place > ? and place <= ?)
order by is_total desc, place
