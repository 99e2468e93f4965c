-- View send_states
-- Grain:  one message (id) on one day of arrival: what all that was told of it that day comes to. Receipts come up to 72 hours
--         later, so a message may stand on several days; the report sends, which has this text in it without the day, sees
--         all of them as one.
-- Source: sends_raw. Filter dt: every group and window here is partitioned by it, so that the filter reaches the files.
-- The state is a function of the set of rows, never of their order: delivered, else failed, else sent, else queued; null where
-- a person only answered. Other columns come from the newest row that has a value, a provider's price before one of the list.
-- A carrier that takes a message and says no more: AWS ends with SUCCESSFUL where a country's carriers give no receipts. It
-- stands for a delivery where no message of the provider to that country has a receipt of delivery, as far as this reads.
-- Columns:
--   state          as above; delivery says by what a delivered one is known: receipt or carrier
--   is_settled     true where no other state is to come
--   sent_at        when the message was handed over, else the first state told; delivered_at, failed_at, opted_out_at and
--                  opted_in_at when that happened; all epoch milliseconds UTC
--   the others     as in sends_raw
with told as (
  select
    *,
    received_at * 8 + case type
      when 'delivered' then 5
      when 'failed' then 4
      when 'sent' then 3
      when 'queued' then 2
      when 'opt_in' then 1
      else 0
    end as newness
  from sends_raw
  where {{arrival}}
),
ranked as (
  select
    *,
    case when price_micros is not null
      then newness + case when price_kind = 'list' then 0 else 100000000000000000 end
    end as price_rank
  from told
),
messages as (
  select
    {{day}}
    id,
    max_by(ts, case when type = 'delivered' then newness end) as receipt_at,
    max_by(ts, case when type = 'failed' then newness end) as failed_at,
    max_by(ts, case when type = 'opt_out' then newness end) as opted_out_at,
    max_by(ts, case when type = 'opt_in' then newness end) as opted_in_at,
    max(case when type = 'sent' and is_final and detail = 'SUCCESSFUL' then ts end) as accepted_at,
    max(case when type = 'sent' then 1 else 0 end) as was_sent,
    max(case when type = 'queued' then 1 else 0 end) as was_queued,
    max(case when type = 'sent' and is_final then 1 else 0 end) as was_ended,
    coalesce(
      max_by(requested_at, case when requested_at is not null then newness end),
      max_by(ts, case when type = 'sent' then newness end),
      min(case when type in ('queued', 'delivered', 'failed') then ts end)
    ) as sent_at,
    max_by(campaign_id, case when campaign_id is not null then newness end) as campaign_id,
    max_by(message_id, case when message_id is not null then newness end) as message_id,
    max_by(creative, case when creative is not null then newness end) as creative,
    max_by(segment, case when segment is not null then newness end) as segment,
    max_by(link_no, case when link_no is not null then newness end) as link_no,
    max_by(subscriber_no, case when subscriber_no is not null then newness end) as subscriber_no,
    max_by(subscriber_id, case when subscriber_id is not null then newness end) as subscriber_id,
    max_by(provider, case when provider is not null then newness end) as provider,
    max_by(detail, case when detail is not null then newness end) as detail,
    max_by(parts, case when parts is not null then newness end) as parts,
    max_by(encoding, case when encoding is not null then newness end) as encoding,
    max_by(price_micros, price_rank) as price_micros,
    max_by(currency, price_rank) as currency,
    max_by(price_kind, price_rank) as price_kind,
    max_by(country, case when country is not null then newness end) as country,
    max_by(carrier, case when carrier is not null then newness end) as carrier
  from ranked
  group by {{day}} id
),
compared as (
  select
    *,
    max(case when receipt_at is not null then 1 else 0 end) over (partition by {{day}} provider, country) as gives_receipts
  from messages
),
judged as (
  select
    *,
    cast(case
      when receipt_at is not null then 'receipt'
      when failed_at is null and accepted_at is not null and gives_receipts = 0 then 'carrier'
    end as varchar) as delivery
  from compared
)
select
  id,
  cast(case
    when delivery is not null then 'delivered'
    when failed_at is not null then 'failed'
    when was_sent = 1 then 'sent'
    when was_queued = 1 then 'queued'
  end as varchar) as state,
  delivery,
  delivery is not null or failed_at is not null or was_ended = 1 as is_settled,
  sent_at,
  case delivery when 'receipt' then receipt_at when 'carrier' then accepted_at end as delivered_at,
  failed_at,
  opted_out_at,
  opted_in_at,
  campaign_id,
  message_id,
  creative,
  segment,
  link_no,
  subscriber_no,
  subscriber_id,
  provider,
  detail,
  parts,
  encoding,
  price_micros,
  currency,
  price_kind,
  country,
  carrier{{last_day}}
from judged
