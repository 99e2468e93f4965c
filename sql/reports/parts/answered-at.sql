-- Part answered-at of reports: an expression. When the message was sent that a touch at {{at}} answers to: as sends tell (part
-- join-spans), else as its link does; a touch later than 30 days after that stands at its own time.
coalesce(span_from, case when {{at}} < sent_at + {{?late_click_ms}} then sent_at end, {{at}})
