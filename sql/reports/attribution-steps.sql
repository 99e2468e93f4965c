-- Report attribution under a data-driven model
-- Grain:  one tally of what was walked, see parts/walked.sql. The model is computed from these rows by lambdas/core/attribution.
-- Source: conversions_raw, clicks_raw, touches_raw and recipients_raw (parts/ledger.sql, touchpoints.sql, roaming.sql say of which
--         days).
-- Columns: kind, unit_before, unit, size, reason as in parts/walked.sql; conversions, nulls, touches; and
--   money    `code revenue payout gross refunded`, minor units
-- What stands in double braces comes from the catalogue, never from the request.
with
{{terms}}
{{ledger}}
{{touchpoints}}
{{candidates}}
{{paths}}
{{roaming}}
{{walked}}
shown as (
  select
    kind, unit_before, unit, size, reason,
    cast(conversions as bigint) as conversions,
    cast(nulls as bigint) as nulls,
    cast(touches as bigint) as touches,
    coalesce(currency, '') || ' ' || cast(revenue as varchar) || ' ' || cast(payout as varchar) || ' '
      || cast(gross as varchar) || ' ' || cast(refunded as varchar) as money
  from tallied
)
select kind, unit_before, unit, size, reason, conversions, nulls, touches, money
from shown
order by kind, unit_before nulls first, unit nulls first, size nulls first, reason nulls first, money, nulls
limit {{?most}}
