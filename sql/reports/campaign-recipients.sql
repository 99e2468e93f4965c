-- Statement campaign-recipients: people to message next
-- Grain:  one subscriber minted on links of a campaign, by subscriber_no.
-- Source: recipients_raw, clicks_raw and conversions_raw of every day of arrival up to the moment asked of: who was not
--         tapped, or did not buy, is only known from all of it. Run once for all pages.
-- Columns:
--   subscriber_id, subscriber_no   who
--   experiment, arm, segment, creative, message_ids, link_nos, codes   those of the mintings asked for, separated by commas
--   promo_code                     promo code of the subscriber in the campaign
--   clicks, first_click_ts, last_click_ts   human clicks on any link of the campaign, epoch milliseconds UTC
--   conversions, last_conversion_ts   counted conversions since first minted in the campaign: of the campaign, or matched
--                                  by identity alone, which names no campaign
--   attributes                     further columns of the list, as JSON, of the newest minting that has any
-- A subscriber who is a holdout anywhere in the campaign, or has no code, comes only where arms are asked for.
-- Parameters: an empty text, or 0, asks for nothing.
with mintings as (
  select
    *,
    max(case when arm = 'holdout' or account_arm = 'holdout' then 1 else 0 end) over (partition by subscriber_no) as held_out,
    max(code) over (partition by subscriber_no) as any_code,
    min(minted_at) over (partition by subscriber_no) as first_minted_at
  from recipients_raw
  where dt <= ? and campaign_id = ? and minted_at < ?
),
picked as (
  select
    *,
    row_number() over (
      partition by subscriber_no order by minted_at desc, dt desc, link_no
    ) as recency,
    first_value(attributes) over (
      partition by subscriber_no
      order by case when attributes is null then 1 else 0 end, minted_at desc, dt desc, link_no, attributes
    ) as newest_attributes
  from mintings
  where (? = '' or arm = ? or account_arm = ?)
    and (? = '' or segment = ?)
    and (? = '' or message_id = ?)
    and (? = 0 or link_no = ?)
    and (? = 'all' or (held_out = 0 and any_code is not null))
),
people as (
  select
    subscriber_no,
    max(case when recency = 1 then subscriber_id end) as subscriber_id,
    array_join(array_agg(distinct experiment order by experiment) filter (where experiment is not null), ',') as experiment,
    array_join(array_agg(distinct arm order by arm) filter (where arm is not null), ',') as arm,
    array_join(array_agg(distinct segment order by segment) filter (where segment is not null), ',') as segment,
    array_join(array_agg(distinct creative order by creative) filter (where creative is not null), ',') as creative,
    array_join(array_agg(distinct message_id order by message_id) filter (where message_id is not null), ',') as message_ids,
    array_join(array_agg(distinct cast(link_no as varchar) order by cast(link_no as varchar)), ',') as link_nos,
    array_join(array_agg(distinct code order by code) filter (where code is not null), ',') as codes,
    max(promo_code) as promo_code,
    max(case when recency = 1 then newest_attributes end) as attributes,
    min(first_minted_at) as first_minted_at
  from picked
  group by subscriber_no
),
delivered as (
  select
    *,
    row_number() over (partition by click_id order by recovered, rules_version desc, ts, dt) as delivery
  from clicks_raw
  where dt <= ? and campaign_id = ?
),
tapped as (
  select
    subscriber_no,
    count(click_id) as clicks,
    min(ts) as first_click_ts,
    max(ts) as last_click_ts
  from delivered
  where delivery = 1 and ts < ? and subscriber_no is not null
    and actor = 'human' and code_kind <> 'unknown' and outcome <> 'validation'
  group by subscriber_no
),
entries as (
  select
    *,
    row_number() over (partition by conversion_id order by version desc, received_at desc, occurred_at desc, entry_id) as recency
  from conversions_raw
  where dt <= ?
),
bought as (
  select
    people.subscriber_no,
    count(entries.conversion_id) as conversions,
    max(entries.converted_at) as last_conversion_ts
  from people
  join entries on entries.subscriber_no = people.subscriber_no and entries.converted_at >= people.first_minted_at
  where entries.recency = 1
    and entries.status in ('pending', 'approved')
    and strpos(',' || ? || ',', ',' || entries.event || ',') > 0
    and (entries.campaign_id = ? or entries.campaign_id is null)
    and entries.converted_at < ?
  group by people.subscriber_no
)
select
  people.subscriber_id,
  people.subscriber_no,
  people.experiment,
  people.arm,
  people.segment,
  people.creative,
  people.message_ids,
  people.link_nos,
  people.codes,
  people.promo_code,
  coalesce(tapped.clicks, 0) as clicks,
  tapped.first_click_ts,
  tapped.last_click_ts,
  coalesce(bought.conversions, 0) as conversions,
  bought.last_conversion_ts,
  people.attributes
from people
left join tapped on tapped.subscriber_no = people.subscriber_no
left join bought on bought.subscriber_no = people.subscriber_no
where (? = '' or (? = 'true') = (tapped.subscriber_no is not null))
  and (? = '' or (? = 'true') = (bought.subscriber_no is not null))
order by people.subscriber_no
