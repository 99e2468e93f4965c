-- Part lumped-messages of reports: one step of a WITH, after step message_facts, for questions that ask for no single messages.
-- Grain:  messages of the range that are alike in the dimensions asked for: in hours and days, of one quarter of an hour (offsets of
--         time zones are whole quarters); in whether cost and rate are known, in the day where the rate is not.
-- Columns: those of message_facts. What is not asked for is null; ts is that of the first of them.
lumped_messages as (
  select
    min(ts) as ts, {{kept_columns}} cast(null as bigint) as link_no, cast(null as varchar) as subscriber_id,
    cast(null as bigint) as subscriber_no, cast(null as bigint) as person, cast(null as varchar) as single, is_put,
    cast(sum(sent) as bigint) as sent, cast(sum(sent_tracked) as bigint) as sent_tracked,
    cast(sum(delivered) as bigint) as delivered, cast(sum(opt_outs) as bigint) as opt_outs,
    cast(sum(opt_outs_tracked) as bigint) as opt_outs_tracked, max(is_open) as is_open,
    cast(sum(cost) as bigint) as cost, cast(sum(cost_in) as bigint) as cost_in, currency, unknown_day
  from (
    select
      *,
      case when cost is null then 2 when cost_in is null then 1 else 0 end as unknowns,
      {{moment}} as moment
    from message_facts
    where ts >= {{?from}} and ts < {{?to}}
  ) as alike
  group by {{kept}} moment, is_put, unknowns, currency, unknown_day
),
