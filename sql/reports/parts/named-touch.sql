-- Part named-touch of reports: columns of step preferred. What a conversion's rows say of the click it names and of its code.
max(case when is_named then preference end) {{over}} as best_named,
max(case when kind = 'code' then preference end) {{over}} as best_code,
max(case when is_named then 1 else 0 end) {{over}} as has_named,
max_by(case when not is_wanted then 1 else 0 end, case when is_named then preference end) {{over}} as named_unwanted,
max_by(case when subscriber_no is null then 1 else 0 end, case when is_named then preference end)
  {{over}} as named_anonymous,
max_by(coalesce(offer_id, ''), case when is_named then preference end) {{over}} as named_offer_id,
max_by(coalesce(link_no, -1), case when is_named then preference end) {{over}} as named_link_no
