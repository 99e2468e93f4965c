-- Part receipted of reports: a step of a WITH, after part send-units.
-- Grain:  one campaign and message of the range of which receipts are told; and, without a message, one campaign that has such.
receipted as (
  select distinct
    coalesce(campaign_id, '') as receipted_campaign,
    case k.level when 'message' then coalesce(message_id, '') else '' end as receipted_message
  from units
  cross join (values ('message'), ('campaign')) as k (level)
  where sent_tracked > 0 and ts >= {{?from}} and ts < {{?to}}
),
