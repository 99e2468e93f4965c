-- Statement subscriber-timeline: what happened to one subscriber, the newest first
-- Grain:  one event: a first minting on a link (kind minted), a state of a message (sent, delivered, …), a request on one
--         of the subscriber's codes (click), a touch of another channel (touch: provider is the channel, detail what it
--         was), an entry of a conversion (conversion).
-- Source: recipients_raw, sends_raw, clicks_raw, touches_raw and conversions_raw of the days of arrival from one before to seven after
--         the range. Repeats are removed over all of them.
-- Columns: kind, ts (epoch milliseconds UTC), id, and those of the tables; null where an event has none;
--   latest_attributes   further columns of the list, as JSON, of the newest minting in the range that has any; on every row
with mintings as (
  select
    *,
    row_number() over (partition by link_no, experiment order by minted_at, dt) as minting,
    first_value(attributes) over (
      order by case when attributes is null then 1 else 0 end, minted_at desc, dt desc, link_no, attributes
    ) as latest_attributes
  from recipients_raw
  where dt between ? and ? and subscriber_no = ? and minted_at >= ? and minted_at < ?
),
states as (
  select
    *,
    row_number() over (partition by id, type order by received_at, dt) as telling
  from sends_raw
  where dt between ? and ? and (subscriber_no = ? or subscriber_id = ?) and ts >= ? and ts < ?
),
delivered as (
  select
    *,
    row_number() over (partition by click_id order by recovered, rules_version desc, ts, dt) as delivery
  from clicks_raw
  where dt between ? and ? and subscriber_no = ? and ts >= ? and ts < ?
),
touched as (
  select
    *,
    row_number() over (partition by id order by received_at desc, dt desc) as telling
  from touches_raw
  where dt between ? and ? and (subscriber_no = ? or subscriber_id = ?) and ts >= ? and ts < ?
),
entries as (
  select
    *,
    row_number() over (partition by entry_id order by version desc, dt) as recency
  from conversions_raw
  where dt between ? and ?
),
events as (
  select
    'minted' as kind, minted_at as ts, code as id, link_no, campaign_id, message_id, creative, segment,
    experiment, arm, promo_code,
    cast(null as varchar) as outcome, cast(null as varchar) as actor, cast(null as varchar) as destination_host,
    cast(null as varchar) as device, cast(null as varchar) as os, cast(null as varchar) as country,
    cast(null as varchar) as provider, cast(null as varchar) as detail,
    cast(null as varchar) as entry, cast(null as varchar) as event, cast(null as varchar) as status,
    cast(null as bigint) as revenue_minor, cast(null as varchar) as currency, cast(null as bigint) as exponent,
    latest_attributes
  from mintings
  where minting = 1
  union all
  select
    type, ts, id, link_no, campaign_id, message_id, creative, segment,
    null, null, null, null, null, null, null, null, country, provider, detail, null, null, null, null, null, null, null
  from states
  where telling = 1
  union all
  select
    'click', ts, click_id, link_no, campaign_id, message_id, creative, segment,
    null, null, null, outcome, actor, destination_host, device, os, country, null, null,
    null, null, null, null, null, null, null
  from delivered
  where delivery = 1
  union all
  select
    'touch', ts, id, null, campaign_id, message_id, creative, segment,
    null, null, null, null, null, null, null, null, null, channel, kind, null, null, null, null, null, null, null
  from touched
  where telling = 1
  union all
  select
    'conversion', occurred_at, conversion_id, link_no, campaign_id, message_id, creative, segment,
    null, null, promo_code, null, null, null, null, null, null, source_id, "match",
    entry, event, status, revenue_minor, currency, exponent, null
  from entries
  where recency = 1 and (subscriber_no = ? or subscriber_id = ?) and occurred_at >= ? and occurred_at < ?
)
select
  kind, ts, id, link_no, campaign_id, message_id, creative, segment, experiment, arm, promo_code, outcome, actor,
  destination_host, device, os, country, provider, detail, entry, event, status, revenue_minor, currency, exponent,
  max(latest_attributes) over () as latest_attributes
from events
order by ts desc, kind, id nulls last, link_no nulls last, experiment nulls last
