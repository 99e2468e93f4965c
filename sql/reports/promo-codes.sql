-- Promo codes of a campaign
-- Grain:  one promo code of one subscriber in the campaign. A subscriber has one; two only where the campaign's codes were
--         minted under two keys, and then both are valid.
-- Source: recipients_raw of the days of arrival from the campaign's creation on. Minting again writes rows again, which
--         are made one here. Holdouts have no code and are left out.
-- Columns: subscriber_no, subscriber_id (the sender's own), promo_code; in the order of the first, so that a page can go
--         on behind the last row of the page before.
select
  subscriber_no,
  min(subscriber_id) as subscriber_id,
  promo_code
from recipients_raw
where dt between ? and ? and campaign_id = ? and promo_code is not null
  and (subscriber_no > ? or (subscriber_no = ? and promo_code > ?))
group by subscriber_no, promo_code
order by subscriber_no nulls last, promo_code nulls last
limit ?
