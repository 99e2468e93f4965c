-- View attribution_touches
-- Grain:  one touch as attribution looks at it: a click on a known code (its verdict in actor), an imported touch, or a message that
--         carried a promo code.
-- Source: views clicks, touches and recipients. Filter dt.
-- Columns: those of Touch in lambdas/core/attribution/types.ts, but for the window, which is no fact of the lake; dt.
select
  click_id as touch_id, 'click' as kind, false as imported, ts, actor, subscriber_no, link_no, offer_id,
  'sms' as channel, campaign_id, message_id, creative, segment, partner, dt
from clicks
where code_kind <> 'unknown' and outcome <> 'validation'
union all
select
  id, kind, true, ts, null, subscriber_no, null, offer_id,
  channel, campaign_id, message_id, creative, segment, null, dt
from touches
union all
select
  promo_code, 'code', false, minted_at, null, subscriber_no, link_no, offer_id,
  'sms', campaign_id, message_id, creative, segment, partner, dt
from recipients
where code is not null and promo_code is not null
