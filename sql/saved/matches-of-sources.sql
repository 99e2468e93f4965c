-- Matches of sources: conversions of the last seven days of arrival by source, what they were matched by, and why nothing matched.
-- Of an entry that came again the highest version counts.
with arrived as (
  select
    *,
    row_number() over (partition by entry_id order by version desc, dt desc) as telling
  from conversions
  where dt >= cast(cast(current_date - interval '7' day as date) as varchar) and entry = 'sale'
)
select
  source_id,
  "match",
  unmatched_reason,
  count(distinct conversion_id) as conversions,
  count(distinct case when match_conflict then conversion_id end) as conflicts
from arrived
where telling = 1
group by source_id, "match", unmatched_reason
order by source_id, conversions desc, "match", unmatched_reason
