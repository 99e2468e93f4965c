-- Why clicks are bots: verdicts by reason and rules; a click with several reasons counts under each.
select reason, actor, rules_version, count(distinct click_id) as clicks
from (
  select * from clicks where dt >= cast(cast(current_date - interval '7' day as date) as varchar)
) as recent
cross join unnest(reasons) as each_reason (reason)
group by reason, actor, rules_version
order by clicks desc, reason nulls last
