-- Part join-people of reports: who the recipient is that a fact is of; null where there is none.
left join (
  select
    link_no as minted_link_no,
    subscriber_no as minted_subscriber_no,
    subscriber_id as minted_subscriber_id,
    arm,
    experiment,
    account_arm,
    account_experiment,
    first_attributes
  from minted
) as minted on reason is null and minted_link_no = link_no and minted_subscriber_no = subscriber_no
