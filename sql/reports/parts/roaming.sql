-- Part roaming of reports: steps of a WITH, after parts terms and ledger.
-- Grain:  one touch that counts, of whomever, whether or not it led to a conversion: a click of the verdicts asked for on a known
--         code, or an imported touch of somebody known.
-- Source: clicks_raw and touches_raw of the days of arrival from a longest window before the range to seven days after it.
-- Columns: the touch's, and
--   journey    whose it is: a subscriber's, or one click's by nobody known, told by what a click rebuilt from logs keeps of it
--   window_ms  how long after it a conversion may follow
-- A touch is in it where its window reaches into the range, and it lies before the end of the range.
roaming_clicks as (
  select
    *,
    row_number() over (partition by click_id order by recovered, rules_version desc, ts, dt) as delivery
  from clicks_raw
  where dt between {{?roaming_first}} and {{?touches_last}} and ts < {{?to}} and ts < {{?as_of}}
),
roaming_imported as (
  select
    *,
    row_number() over (partition by id order by received_at, dt) as delivery
  from touches_raw
  where dt between {{?roaming_first}} and {{?touches_last}} and ts < {{?to}} and received_at < {{?as_of}}
),
counted_touches as (
  select
    case
      when subscriber_no is not null then 'subscriber ' || cast(subscriber_no as varchar)
      else coalesce('click ' || cast(link_no as varchar) || ' ' || cast(nonce as varchar), click_id)
    end as journey,
    true as is_click, subscriber_no, click_id as touch_id, ts, link_no, offer_id,
    'sms' as channel, campaign_id, message_id, creative, segment, partner
  from roaming_clicks
  where delivery = 1 and code_kind <> 'unknown' and outcome <> 'validation'
    and strpos({{?actors}}, ',' || actor || ',') > 0
  union all
  select
    'subscriber ' || cast(subscriber_no as varchar), false, subscriber_no, id, ts, null, offer_id,
    channel, campaign_id, message_id, creative, segment, null
  from roaming_imported
  where delivery = 1 and subscriber_no is not null
),
roaming as (
  select
    counted_touches.*,
    {{window_ms}} as window_ms
  from counted_touches
  cross join terms
  where ts + {{window_ms}} >= {{?from}}
),
