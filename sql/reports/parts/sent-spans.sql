-- Part sent-spans of reports: a step of a WITH, after part send-units.
-- Grain:  one message to one subscriber, with the time from which on the next message of the same campaign and message counts:
--         where there is none a time that never comes: DuckDB compares every pair where a join asks for this or that.
sent_spans as (
  select
    subscriber_no,
    coalesce(campaign_id, '') as span_campaign,
    coalesce(message_id, '') as span_message,
    ts as span_from,
    coalesce(
      lead(ts) over (partition by subscriber_no, coalesce(campaign_id, ''), coalesce(message_id, '') order by ts, id),
      9000000000000000
    ) as span_to
  from units
  where sent = 1 and subscriber_no is not null
),
