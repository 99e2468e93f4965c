-- Part drawn of reports: two steps of a WITH, after part minted.
-- Grain of its last step, assignments: one subscriber drawn into one experiment when minted on one link; assignment is 1 on the first.
--         Who was drawn account-wide and in the campaign counts in either.
-- Columns: as in part minted, with experiment and arm of the draw, and
--   person_identified  1 where any minting of the subscriber in the experiment carried an identity
drawn as (
  select
    link_no, subscriber_no, subscriber_id, campaign_id, message_id, creative, segment, partner, offer_id, minted_at,
    first_attributes, identified, experiment, arm
  from mintings
  where experiment is not null
  union all
  select
    link_no, subscriber_no, subscriber_id, campaign_id, message_id, creative, segment, partner, offer_id, minted_at,
    first_attributes, identified, account_experiment as experiment, account_arm as arm
  from mintings
  where account_experiment is not null
),
assignments as (
  select
    *,
    row_number() over (partition by experiment, subscriber_no order by minted_at, link_no) as assignment,
    max(identified) over (partition by experiment, subscriber_no) as person_identified
  from drawn
),
