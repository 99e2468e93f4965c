-- Part addressed of reports: steps of a WITH, after parts send-units and minted.
-- Grain of its last step, addressed: as of step units.
-- Columns: those of units, and
--   addressed_link_no  the link it went over. Who tells message and subscriber of a message with several links (sibling links, as
--                      `mint --by` makes them) names none of them: it is the one on which the subscriber was minted for that
--                      message; of several that where they were drawn into an experiment, else the first.
addresses as (
  select
    subscriber_no as address_subscriber,
    coalesce(campaign_id, '') as address_campaign,
    message_id as address_message,
    link_no as address_link,
    row_number() over (
      partition by subscriber_no, coalesce(campaign_id, ''), message_id
      order by case when coalesce(experiment, account_experiment) is null then 1 else 0 end, first_minted_at, link_no
    ) as address
  from minted
  where message_id is not null
),
addressed as (
  select
    units.*,
    coalesce(link_no, address_link) as addressed_link_no
  from units
  left join addresses on address = 1 and address_message = message_id and address_campaign = coalesce(campaign_id, '')
    and address_subscriber = case when link_no is null then subscriber_no end
),
