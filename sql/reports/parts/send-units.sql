-- Part send-units of reports: steps of a WITH.
-- Grain of its last step, units: one message that was sent or answered, or the totals of a day where no single message is told.
-- Source: sends_raw (the text of view send_states) and send_totals_raw of all days of arrival from the given one on: receipts come
--         up to 72 hours later, and lists are imported when they are at hand.
-- A message counts once, under the campaign, message, creative and segment it was last told with, at the time it was sent; what a
-- person answers to it counts then too, and by itself at its own time where no message is named.
-- Totals: the newest put of a campaign, message, day, creative and segment counts, unless messages of that campaign and message
-- were sent within the twelve hours before and after the middle of that day: single messages win.
states as (
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
  where dt >= {{?sends_first}}
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
    id, ts, campaign_id, message_id, creative, segment, country, carrier, provider, link_no, subscriber_no, subscriber_id,
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
    null, ts, campaign_id, message_id, creative, segment, null, null, null, null, null, null,
    sent,
    case when delivered is not null then sent else 0 end,
    delivered,
    failed,
    coalesce(opt_outs, 0),
    case when delivered is not null then coalesce(opt_outs, 0) else 0 end,
    0,
    null,
    cost_micros, currency, price_kind,
    case when delivered + coalesce(failed, 0) < sent then 1 else 0 end,
    true
  from totals
),
