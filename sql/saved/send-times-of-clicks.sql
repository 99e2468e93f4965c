-- Send times of clicks: each click of the last seven days of arrival with the time at which its message was sent. Journeys send
-- to everybody at another time, so that is the time of the latest message to the same subscriber with the same link (or, where
-- the sender named no link, of the same campaign and message) before the click, a minute of wrong clocks allowed. Where no
-- message is known it is the time of the link (link.sent_at), and null where that is not set. Messages of the last 31 days are
-- looked for: raise both figures for later clicks. Subscribers that a sender names by id only are found by their minting.
with people as (
  select distinct subscriber_id, subscriber_no
  from recipients
  where dt >= cast(cast(current_date - interval '31' day as date) as varchar)
),
sent as (
  select
    send_states.id,
    coalesce(send_states.subscriber_no, people.subscriber_no) as subscriber_no,
    max(send_states.link_no) as link_no,
    max(send_states.campaign_id) as campaign_id,
    max(send_states.message_id) as message_id,
    min(send_states.sent_at) as sent_at
  from send_states
  left join people on people.subscriber_id = send_states.subscriber_id
  where send_states.dt >= cast(cast(current_date - interval '31' day as date) as varchar)
    and send_states.state in ('sent', 'delivered', 'failed')
  group by send_states.id, coalesce(send_states.subscriber_no, people.subscriber_no)
),
clicked as (
  select
    click_id,
    max(ts) as ts,
    max(link_no) as link_no,
    max(subscriber_no) as subscriber_no,
    max(campaign_id) as campaign_id,
    max(message_id) as message_id,
    max(actor) as actor,
    max(sent_at) as link_sent_at
  from clicks
  where dt >= cast(cast(current_date - interval '7' day as date) as varchar) and code_kind <> 'unknown'
  group by click_id
),
matched as (
  select
    clicked.click_id,
    max(sent.sent_at) as sent_at
  from clicked
  join sent on sent.subscriber_no = clicked.subscriber_no and sent.sent_at <= clicked.ts + 60000
  where sent.link_no = clicked.link_no
    or (sent.link_no is null and sent.campaign_id = clicked.campaign_id and sent.message_id = clicked.message_id)
  group by clicked.click_id
)
select
  clicked.click_id,
  clicked.ts,
  clicked.actor,
  clicked.campaign_id,
  clicked.message_id,
  clicked.link_no,
  clicked.subscriber_no,
  coalesce(matched.sent_at, clicked.link_sent_at) as sent_at,
  case when matched.sent_at is not null then 'message' when clicked.link_sent_at is not null then 'link' end as sent_from,
  cast(clicked.ts - coalesce(matched.sent_at, clicked.link_sent_at) as double) / 1e3 as delay_s
from clicked
left join matched on matched.click_id = clicked.click_id
order by clicked.ts desc, clicked.click_id
