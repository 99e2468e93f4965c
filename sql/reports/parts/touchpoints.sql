-- Part touchpoints of reports: steps of a WITH, after part ledger.
-- Grain:  one touch, or one stand-in for a touch of one conversion.
-- Source: clicks_raw, touches_raw, recipients_raw and sends_raw of the days of arrival in which eligible touches can lie, narrowed to
--         people and clicks of the conversions in question.
-- A click on a known code counts, its verdict in actor; a validation page is none. Imported touches count once for each id, by the
-- first telling. A message that carried a promo code is a touch of kind code, at the time it was sent: by sends_raw where any message
-- over its link is told there (then one that is not told did not carry it), else when it was minted.
-- Stand-ins, made from the conversion's own columns (self is its id): the click named, where its row has not landed; the code
-- redeemed, where no message that carried it is found; and one of kind none, for those that have no touch at all.
-- Columns: those of lambdas/core/attribution/types.ts, and
--   nonce, recovered  tell which named click a click rebuilt from logs is
--   sent_at           when the link was sent, as the click says
told_tapped as (
  select *
  from clicks_raw
  where dt between {{?touches_first}} and {{?touches_last}} and ts < {{?as_of}} and (
    subscriber_no in (select subscriber_no from converted where subscriber_no is not null)
    or click_id in (select click_id from converted where click_id is not null)
    or (recovered and nonce in (select nonce from converted where nonce is not null))
  )
),
{{tapped}}
imported as (
  select
    *,
    row_number() over (partition by id order by received_at, dt) as delivery
  from touches_raw
  where dt between {{?touches_first}} and {{?touches_last}} and received_at < {{?as_of}}
    and subscriber_no in (select subscriber_no from converted where subscriber_no is not null)
),
told_codes as (
  select
    cast(null as varchar) as touch_id, link_no, subscriber_no, cast(null as bigint) as minted_at, min(ts) as told_at,
    null as offer_id, null as campaign_id, null as message_id, null as creative, null as segment, null as partner
  from (
    select
      link_no, ts,
      case
        when subscriber_no in (select subscriber_no from converted where code is not null and subscriber_no is not null)
        then subscriber_no
      end as subscriber_no
    from sends_raw
    where {{has_codes}} and dt between {{?codes_first}} and {{?touches_last}} and ts < {{?as_of}} and link_no is not null
      and type in ('sent', 'delivered')
  ) as told
  group by link_no, subscriber_no
),
minted_codes as (
  select
    translate(upper(promo_code), 'OIL- ', '011') as touch_id, link_no, subscriber_no, minted_at, cast(null as bigint) as told_at,
    offer_id, campaign_id, message_id, creative, segment, partner,
    row_number() over (partition by link_no, subscriber_no, promo_code order by minted_at, dt) as minting
  from recipients_raw
  where {{has_codes}} and dt between {{?codes_first}} and {{?touches_last}} and minted_at < {{?as_of}} and code is not null
    and translate(upper(promo_code), 'OIL- ', '011') in (select code from converted where code is not null)
),
carrying as (
  select
    *,
    min(told_at) over (partition by link_no, subscriber_no) as own_told_at,
    min(told_at) over (partition by link_no) as link_told_at
  from (
    select
      touch_id, link_no, subscriber_no, minted_at, told_at, offer_id, campaign_id, message_id, creative, segment, partner
    from minted_codes
    where minting = 1
    union all
    select
      touch_id, link_no, subscriber_no, minted_at, told_at, offer_id, campaign_id, message_id, creative, segment, partner
    from told_codes
  ) as both_sides
),
carriers as (
  select
    *,
    coalesce(own_told_at, minted_at) as carried_at
  from carrying
  where touch_id is not null and (own_told_at is not null or link_told_at is null)
),
touchpoints as (
  select
    'click' as kind, false as imported, cast(null as varchar) as self, click_id as touch_id, ts, actor, subscriber_no,
    link_no, offer_id, nonce, recovered, sent_at, 'sms' as channel, campaign_id, message_id, creative, segment, partner{{click_columns}}
  from tapped
  where delivery = 1 and code_kind <> 'unknown' and outcome <> 'validation'
  union all
  select
    kind, true, null, id, ts, null, subscriber_no,
    null, offer_id, null, false, null, channel, campaign_id, message_id, creative, segment, null{{no_click_columns}}
  from imported
  where delivery = 1
  union all
  select
    'code', false, null, touch_id, carried_at, null, subscriber_no,
    link_no, offer_id, null, false, null, 'sms', campaign_id, message_id, creative, segment, partner{{no_click_columns}}
  from carriers
  union all
  select
    s.kind, false, conversion_id,
    case s.kind when 'click' then click_id when 'code' then code else '' end,
    case s.kind when 'click' then clicked_at else 0 end,
    case s.kind when 'click' then 'human' end,
    subscriber_no,
    case s.kind when 'click' then link_no end,
    offer_id, nonce, false, null, case when s.kind <> 'none' then 'sms' end,
    campaign_id, message_id, creative, segment, partner{{no_click_columns}}
  from converted
  cross join (values ('none'), ('click'), ('code')) as s (kind)
  where s.kind = 'none'
    or (s.kind = 'click' and match = 'click_id' and clicked_at is not null)
    or (s.kind = 'code' and match = 'promo_code' and code is not null)
),
