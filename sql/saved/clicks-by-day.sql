-- Clicks by day: human, suspect and bot clicks by UTC day of the click, arrivals of the last seven days.
select
  cast(clicked_at as date) as day,
  count(distinct case when actor = 'human' then click_id end) as clicks_human,
  count(distinct case when actor = 'suspect' then click_id end) as clicks_suspect,
  count(distinct case when actor = 'bot' then click_id end) as clicks_bot
from clicks
where dt >= cast(cast(current_date - interval '7' day as date) as varchar)
  and code_kind <> 'unknown' and outcome <> 'validation'
group by cast(clicked_at as date)
order by day desc nulls last
