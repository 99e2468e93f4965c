-- View human_clicks
-- Grain:  one click of a person on a code that led to a link: what the figures named human count.
-- Source: view clicks, whose columns these are. Filter dt.
select
{{columns}},
  clicked_at,
  dt
from clicks
where actor = 'human' and code_kind <> 'unknown' and outcome <> 'validation'
