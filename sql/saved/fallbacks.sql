-- Fallbacks: taps that did not reach their destination, by outcome, cause and link.
select outcome, outcome_detail, link_no, campaign_id, count(distinct click_id) as clicks
from clicks
where dt >= cast(cast(current_date - interval '7' day as date) as varchar) and outcome like 'fallback:%'
group by outcome, outcome_detail, link_no, campaign_id
order by clicks desc, outcome nulls last
