-- Part join-receipted of reports: whether receipts are told of the message that a click answers to.
left join receipted on receipted_campaign = coalesce(tapped_clicks.campaign_id, '')
  and receipted_message = coalesce(tapped_clicks.message_id, '')
