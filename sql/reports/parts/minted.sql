-- Part minted of reports: two steps of a WITH.
-- Grain:  one subscriber on one link, by the first minting there ever was, whatever came again.
-- Source: recipients_raw of every day of arrival up to seven after the range: people tap, and are minted again, long
--         after they were first minted. Only the columns a report uses are read.
-- Columns: as in recipients_raw, and
--   identified  1 where any of the mintings carried an identity, else 0
mintings as (
  select
    *,
    row_number() over (
      partition by link_no, subscriber_no order by minted_at, dt, attributes nulls last
    ) as minting,
    max(
      case when email_hash is not null or phone_hash is not null or customer_hash is not null then 1 else 0 end
    ) over (partition by link_no, subscriber_no) as identified
  from recipients_raw
  where dt <= ? and minted_at < ?
),
minted as (
  select * from mintings where minting = 1
),
