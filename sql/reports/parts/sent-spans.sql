-- Part sent-spans of reports: a step of a WITH, after part send-units.
-- Grain:  one message to one subscriber.
-- Columns: span_tracked  1 where receipts are told of it
--          span_to  the time from which on touches answer to it no more, a minute (clocks differ) added: when the next message of the same
--         campaign and message was sent, and at the latest 30 days after it. Without that end one touch would stand at its message
--         in one range, and at its own time in a later one that does not read as far back.
sent_spans as (
  select
    subscriber_no,
    coalesce(campaign_id, '') as span_campaign,
    coalesce(message_id, '') as span_message,
    ts as span_from,
    sent_tracked as span_tracked,
    least(
      coalesce(
        lead(ts) over (partition by subscriber_no, coalesce(campaign_id, ''), coalesce(message_id, '') order by ts, id),
        9000000000000000
      ),
      ts + {{?late_click_ms}} + 60000
    ) as span_to
  from units
  where sent = 1 and subscriber_no is not null
),
