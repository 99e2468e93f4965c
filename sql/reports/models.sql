-- Report models
-- Grain:  one group of the dimensions asked for, under one model that works conversion by conversion (kind credit); and the tallies
--         of parts/walked.sql, from which lambdas/core/attribution computes the others.
-- Source: conversions_raw, clicks_raw, touches_raw and recipients_raw (parts/ledger.sql, touchpoints.sql, roaming.sql say of which
--         days).
-- Columns: as in reports attribution and attribution-steps.
-- What stands in double braces comes from the catalogue, never from the request.
with
{{terms}}
{{ledger}}
{{touchpoints}}
{{candidates}}
{{paths}}
{{credits}}
{{splits}}
{{grouped}}
{{roaming}}
{{walked}}
shown as (
  select
    'credit' as kind, {{by}}, cast(null as varchar) as unit_before, cast(null as varchar) as unit, cast(null as bigint) as size,
    conversions, cast(0 as bigint) as nulls, touches, money
  from grouped
  where not is_total
  union all
  select
    kind, {{no_by}}, unit_before, unit, size,
    cast(conversions as double), cast(nulls as bigint), cast(touches as bigint),
    coalesce(currency, '') || ' ' || cast(revenue as varchar) || ' ' || cast(payout as varchar) || ' '
      || cast(gross as varchar) || ' ' || cast(refunded as varchar)
  from tallied
)
select kind, {{by}}, unit_before, unit, size, conversions, nulls, touches, money
from shown
order by kind, {{order}}, unit_before nulls first, unit nulls first, size nulls first, money, nulls
limit {{?most}}
