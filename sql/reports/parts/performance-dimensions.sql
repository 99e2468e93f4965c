-- Part performance-dimensions of reports: steps of a WITH. Facts of the range and of the dimensions that are asked for.
{{name}}_dimensioned as (
  select
    {{attributes}}
    {{people}}
    facts.*,
    cast(cast(local_time as date) as varchar) as day,
    case when not is_put then cast(hour(local_time) as bigint) end as hour_of_day,
    cast(mod(date_diff('day', date '1969-12-29', cast(local_time as date)), 7) + 1 as bigint) as weekday
  from (
    select
      *,
      at_timezone(from_unixtime(ts / 1e3), {{?tz}}) as local_time
    from {{name}}_facts
    where ts >= {{?from}} and ts < {{?to}}
  ) as facts
  {{join_people}}
),
asked_{{name}} as (
  select *
  from {{name}}_dimensioned
  where {{filters}}
),
