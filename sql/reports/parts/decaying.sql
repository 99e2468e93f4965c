-- Part decaying of reports: one step of a WITH, after part paths. How much a touch still weighs when its conversion comes, against the
-- latest of its path.
decaying as (
  select
    *,
    power(2, cast(min(weighing_age_ms) over (partition by conversion_id) - weighing_age_ms as double) / {{?half_life}}) as decay
  from steps
),
