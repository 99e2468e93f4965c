-- Part touch-facts of reports: columns of step judged. What the touches of a conversion come to: whether a click, and the click named, may
-- count; and whether any that belongs to it came before (2) or only after it (1).
max(case when in_window and not imported then 1 else 0 end) {{over}} as has_click,
max(case when in_window and is_named then 1 else 0 end) {{over}} as has_named_in_window,
max(case when belongs and (source_kind <> 'network' or is_named) then case when is_before then 2 else 1 end else 0 end)
  {{over}} as nearest
