-- Statement person-touches: what may have led one subscriber to a conversion
-- Grain:  one click of any verdict, or one touch of another channel, the newest first.
-- Source: clicks_raw and touches_raw of the days of arrival from one before the range to seven after it. Repeats are
--         removed over all of them. A touch told again under its id counts as it was told last.
-- Columns:
--   touch_id      click id, or the sender's id of the touch
--   kind          click, view or delivery
--   channel       sms for clicks on our links, else as the sender names it
--   ts            epoch milliseconds UTC
--   actor         verdict on a click: human, suspect or bot; null on touches of other channels
--   campaign_id, message_id, creative, segment, offer_id, link_no
with delivered as (
  select
    *,
    row_number() over (partition by click_id order by recovered, rules_version desc, ts, dt) as delivery
  from clicks_raw
  where dt between ? and ? and ts >= ? and ts <= ? and (subscriber_no = ? or click_id = ?)
),
told as (
  select
    *,
    row_number() over (partition by id order by received_at desc, dt desc) as telling
  from touches_raw
  where dt between ? and ? and ts >= ? and ts <= ? and subscriber_no = ?
)
select
  click_id as touch_id, 'click' as kind, 'sms' as channel, ts, actor,
  campaign_id, message_id, creative, segment, offer_id, link_no
from delivered
where delivery = 1 and code_kind <> 'unknown' and outcome <> 'validation'
union all
select id, kind, channel, ts, null, campaign_id, message_id, creative, segment, offer_id, null
from told
where telling = 1
order by ts desc, touch_id
limit 200
