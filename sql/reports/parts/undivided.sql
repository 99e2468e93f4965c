-- Part undivided of reports: one step of a WITH, after part credits, under models that give all of a conversion to one touch. What
-- part split comes to where every weight is 1 or 0, without ordering the touches of each entry.
undivided as (
  select
    *,
    case when weight = 1 then revenue_net else 0 end as revenue_net_share,
    case when weight = 1 then revenue_before else 0 end as revenue_before_share,
    case when weight = 1 then payout_net else 0 end as payout_net_share,
    case when weight = 1 then payout_before else 0 end as payout_before_share
  from entered
),
