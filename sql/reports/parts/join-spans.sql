-- Part join-spans of reports: the message to a subscriber that a touch answers to: the latest of the 30 days before it, clocks differing
-- a minute.
left join sent_spans on sent_spans.subscriber_no = {{touch}}.subscriber_no
  and span_campaign = coalesce({{touch}}.campaign_id, '') and span_message = coalesce({{touch}}.message_id, '')
  and {{at}} >= span_from - 60000 and {{at}} < span_to - 60000
