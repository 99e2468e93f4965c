-- Part of report clicks: what is known of the recipient a click is of; null where there is none.
clicks_of_recipients as (
  select
    {{attributes}}
    clicked.*,
    minted.subscriber_id,
    minted.experiment,
    minted.arm,
    minted.account_experiment,
    minted.account_arm
  from clicked
  left join minted on minted.link_no = clicked.link_no and minted.subscriber_no = clicked.subscriber_no
),
