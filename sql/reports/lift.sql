-- Report lift
-- Grain:  one arm of one experiment, within the further dimensions asked for.
-- Source: recipients_raw (parts/minted.sql, parts/drawn.sql), conversions_raw (parts/ledger.sql), sends_raw, send_totals_raw and
--         rates_raw (parts/send-units.sql, parts/rates.sql). By assignment: whoever was drawn counts in the arm of the first
--         assignment, messaged or not.
-- An outcome is a conversion whose person identity alone names, in the window that starts with the assignment, both ends
-- included. What a click or a code alone names cannot be seen in an arm without messages: it is counted apart and left out.
-- Columns: the dimensions, then, with control_ for the control arm of the group,
--   assigned, converters, conversions   subscribers drawn, those with an outcome that counts, outcomes
--   revenue, revenue_squares            net revenue of outcomes, sum and sum of squares over subscribers, minor units; with _in in
--                                       the report's currency
--   cost, cost_in                       of messages of the experiment's campaigns to the arm, in the window, millionths; null
--                                       where no price of any is known
--   is_unpriced, is_told_by_day         1 where such messages of the experiment have no known price, where its campaigns have
--                                       totals of days, which name nobody: they may be of any arm
--   unknown, least_currency, most_currency  of all arms of the group, as in report performance
--   one_arm, left_out                   outcomes that click or code alone name; sources that never name anybody
--   sizes, is_last_arm                  as in report experiments
-- What stands in double braces comes from the catalogue, never from the request.
with
lift_terms as (
  select
    cast(json_parse({{?experiment_windows}}) as map(varchar, bigint)) as experiment_windows,
    cast(json_parse({{?experiment_events}}) as map(varchar, varchar)) as experiment_events,
    cast(json_parse({{?experiment_controls}}) as map(varchar, varchar)) as experiment_controls,
    cast({{?account_window}} as bigint) as account_window,
    {{?account_events}} as account_events
),
{{minted}}
{{drawn}}
dimensioned as (
  select
    {{attributes}}
    assignments.*,
    cast(cast(at_timezone(from_unixtime(minted_at / 1e3), {{?tz}}) as date) as varchar) as day,
    coalesce(element_at(experiment_windows, experiment), account_window) as window_ms,
    coalesce(element_at(experiment_events, experiment), account_events) as outcome_events,
    coalesce(element_at(experiment_controls, experiment), 'holdout') as control
  from assignments
  cross join lift_terms
  where assignment = 1 and minted_at >= {{?from}}
),
filtered as (
  select *
  from dimensioned
  where {{filters}}
),
{{ledger}}
{{rates}}
sources_seen as (
  select source_id, max(case when identity_subscriber_no is not null then 1 else 0 end) as names_people
  from entries
  group by source_id
),
priced as (
  select
    entries.*,
    case
      when entries.currency = {{?currency}} then revenue_minor
      else cast(round(revenue_minor * (factor * power(1e1, {{?exponent}} - coalesce(element_at(exponents, entries.currency), 2)))) as bigint)
    end as revenue_in
  from entries
  cross join exponents
  left join factors on factors.currency = entries.currency
    and factors.rate_day = cast(floor(cast(occurred_at as double) / 86400000) as bigint)
),
nets as (
  select
    conversion_id,
    sum(revenue_minor) as revenue,
    sum(revenue_in) as revenue_in,
    max(case when coalesce(revenue_minor, 0) <> 0 and revenue_in is null then 1 else 0 end) as unknown,
    min(case when revenue_minor <> 0 then currency end) as least_currency,
    max(case when revenue_minor <> 0 then currency end) as most_currency
  from priced
  group by conversion_id
),
outcomes as (
  select
    nets.*, entries.source_id, event, current_status, converted_at, subscriber_no, identity_subscriber_no, names_people
  from entries
  join nets on nets.conversion_id = entries.conversion_id
  join sources_seen on sources_seen.source_id = entries.source_id
  where recency = 1 and current_status <> 'rejected'
),
observed as (
  select
    experiment,
    filtered.subscriber_no as person,
    sum(case when strpos(outcome_events, ',' || event || ',') > 0 then 1 else 0 end) as conversions,
    sum(revenue) as revenue,
    sum(revenue_in) as revenue_in,
    max(unknown) as unknown,
    min(least_currency) as least_currency,
    max(most_currency) as most_currency
  from filtered
  join outcomes on identity_subscriber_no = filtered.subscriber_no
    and converted_at >= minted_at and converted_at <= minted_at + window_ms
  group by experiment, filtered.subscriber_no
),
unobserved as (
  select
    experiment,
    filtered.subscriber_no as person,
    count(conversion_id) as one_arm,
    array_agg(source_id) filter (where names_people = 0) as left_out
  from filtered
  join outcomes on outcomes.subscriber_no = filtered.subscriber_no and identity_subscriber_no is null
    and converted_at >= minted_at and converted_at <= minted_at + window_ms
  where strpos(outcome_events, ',' || event || ',') > 0
  group by experiment, filtered.subscriber_no
),
{{send_units}}
campaigns_of as (
  select
    experiment, campaign_id,
    min(minted_at) as first_at,
    max(minted_at + coalesce(element_at(experiment_windows, experiment), account_window)) as last_at
  from assignments
  cross join lift_terms
  where campaign_id is not null
  group by experiment, campaign_id
),
-- one row without a person where there are totals of days
costs as (
  select
    campaigns_of.experiment,
    filtered.subscriber_no as person,
    max(case when is_put then 1 else 0 end) as is_told_by_day,
    max(case when cost_micros is null and not is_put and sent > coalesce(failed, 0) then 1 else 0 end) as is_unpriced,
    sum(cost_micros) as cost,
    sum(
      case when units.currency = {{?currency}} then cost_micros else cast(round(cost_micros * factor) as bigint) end
    ) as cost_in,
    max(case when cost_micros <> 0 and units.currency <> {{?currency}} and factor is null then 1 else 0 end) as unknown,
    min(case when cost_micros <> 0 then units.currency end) as least_currency,
    max(case when cost_micros <> 0 then units.currency end) as most_currency
  from units
  join campaigns_of on campaigns_of.campaign_id = units.campaign_id
  left join filtered on filtered.subscriber_no = units.subscriber_no and filtered.experiment = campaigns_of.experiment
    and ts >= minted_at and ts <= minted_at + window_ms
  left join factors on factors.currency = units.currency
    and factors.rate_day = cast(floor(cast(ts as double) / 86400000) as bigint)
  where filtered.subscriber_no is not null or (is_put and ts >= first_at - 43200000 and ts <= last_at + 43200000)
  group by campaigns_of.experiment, filtered.subscriber_no
),
people as (
  select
    filtered.*,
    case when filtered.subscriber_no is null then costs.experiment end as experiment_by_day,
    is_told_by_day,
    is_unpriced,
    coalesce(observed.conversions, 0) as conversions,
    coalesce(observed.revenue, 0) as revenue,
    coalesce(observed.revenue_in, 0) as revenue_in,
    coalesce(one_arm, 0) as one_arm,
    left_out,
    cost,
    cost_in,
    greatest(coalesce(observed.unknown, 0), coalesce(costs.unknown, 0)) as unknown,
    observed.least_currency as least_earned,
    observed.most_currency as most_earned,
    costs.least_currency as least_spent,
    costs.most_currency as most_spent
  from filtered
  left join observed on observed.experiment = filtered.experiment and observed.person = filtered.subscriber_no
  left join unobserved on unobserved.experiment = filtered.experiment and unobserved.person = filtered.subscriber_no
  full join costs on costs.experiment = filtered.experiment and costs.person = filtered.subscriber_no
),
counted as (
  select
    {{dimensions}}
    experiment_by_day,
    max(is_told_by_day) as is_told_by_day,
    max(is_unpriced) as is_unpriced,
    max(control) as control,
    count(subscriber_no) as assigned,
    count(case when conversions > 0 then 1 end) as converters,
    cast(sum(conversions) as bigint) as conversions,
    cast(sum(revenue) as bigint) as revenue,
    cast(sum(revenue_in) as bigint) as revenue_in,
    sum(cast(revenue as double) * cast(revenue as double)) as revenue_squares,
    sum(cast(revenue_in as double) * cast(revenue_in as double)) as revenue_in_squares,
    cast(sum(cost) as bigint) as cost,
    cast(sum(cost_in) as bigint) as cost_in,
    cast(sum(one_arm) as bigint) as one_arm,
    array_join(
      array_sort(array_distinct(flatten(array_agg(left_out) filter (where left_out is not null)))), ','
    ) as left_out,
    max(unknown) as unknown,
    least(coalesce(min(least_earned), min(least_spent)), coalesce(min(least_spent), min(least_earned))) as least_currency,
    greatest(coalesce(max(most_earned), max(most_spent)), coalesce(max(most_spent), max(most_earned))) as most_currency
  from people
  group by {{by}}, experiment_by_day
),
costed as (
  select
    *,
    max(is_told_by_day) over (partition by coalesce(experiment, experiment_by_day)) as is_any_by_day,
    max(is_unpriced) over (partition by coalesce(experiment, experiment_by_day)) as is_any_unpriced
  from counted
),
compared as (
  select
    {{dimensions}}
    control, assigned, converters, conversions, revenue, revenue_in, revenue_squares, revenue_in_squares, cost, cost_in,
    one_arm, left_out, is_any_by_day, is_any_unpriced,
    max(unknown) over (partition by {{within}}) as unknown,
    min(least_currency) over (partition by {{within}}) as least_currency,
    max(most_currency) over (partition by {{within}}) as most_currency,
    max(case when arm = control then assigned end) over (partition by {{within}}) as control_assigned,
    max(case when arm = control then converters end) over (partition by {{within}}) as control_converters,
    max(case when arm = control then revenue end) over (partition by {{within}}) as control_revenue,
    max(case when arm = control then revenue_in end) over (partition by {{within}}) as control_revenue_in,
    max(case when arm = control then revenue_squares end) over (partition by {{within}}) as control_revenue_squares,
    max(case when arm = control then revenue_in_squares end) over (partition by {{within}}) as control_revenue_in_squares,
    array_join(
      array_sort(array_agg(coalesce(arm, '') || '=' || cast(assigned as varchar)) over (partition by {{within}})), ','
    ) as sizes
  from costed
  where assigned > 0
),
placed as (
  select
    *,
    row_number() over (order by {{order}}) as place
  from compared
  where {{arms}}
)
select
  {{output}}
  control, assigned, converters, conversions, revenue, revenue_in, revenue_squares, revenue_in_squares, cost, cost_in,
  one_arm, left_out, is_any_by_day as is_told_by_day, is_any_unpriced as is_unpriced, unknown, least_currency, most_currency,
  control_assigned, control_converters, control_revenue, control_revenue_in, control_revenue_squares,
  control_revenue_in_squares, sizes, false as is_total
from placed
where place > {{?offset}} and place <= {{?last}}
order by place
