-- Part minted of reports: two steps of a WITH.
-- Grain:  one subscriber on one link, whatever was minted again: where first drawn into an experiment, else where first
--         minted. Step mintings has every minting.
-- Source: recipients_raw of every day of arrival up to seven after the range: people tap, and are minted again, long
--         after they were first minted. Only the columns a report uses are read.
-- Columns: as in recipients_raw, and, over all mintings of the subscriber on the link,
--   first_minted_at, first_attributes   of the first of them
--   any_code     null where none of them has one
--   identified   1 where any of them carried an identity, else 0
mintings as (
  select
    *,
    row_number() over (
      partition by link_no, subscriber_no
      order by case when experiment is null then 1 else 0 end, minted_at, dt, attributes nulls last
    ) as minting,
    min(minted_at) over (partition by link_no, subscriber_no) as first_minted_at,
    first_value(attributes) over (
      partition by link_no, subscriber_no order by minted_at, dt, attributes nulls last
    ) as first_attributes,
    max(code) over (partition by link_no, subscriber_no) as any_code,
    max(
      case when email_hash is not null or phone_hash is not null or customer_hash is not null then 1 else 0 end
    ) over (partition by link_no, subscriber_no) as identified
  from recipients_raw
  where dt <= ? and minted_at < ?
),
minted as (
  select * from mintings where minting = 1
),
