-- Statement click-rows: what the lake knows of one click
-- Grain:  one row of the click, the one views count first: of several deliveries the one recorded at the edge before one
--         rebuilt from logs, which has an id of its own but the same link, subscriber, nonce and second.
-- Source: clicks_raw of the days of arrival from one before the click to seven after it.
-- Columns: as in clicks_raw (docs/data-dictionary.md), and dt
select
{{columns}},
  dt
from clicks_raw
where dt between ? and ?
  and (
    click_id = ?
    or (nonce = ? and link_no = ? and coalesce(subscriber_no, 0) = ? and ts between ? and ?)
  )
order by recovered, rules_version desc, ts, dt
limit 50
