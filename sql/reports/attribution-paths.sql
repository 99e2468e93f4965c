-- Report attribution under a data-driven model, and the half of report models that is
-- Grain:  one sequence of units (parts/walked.sql), or one reason why there is none.
-- Source: conversions_raw, clicks_raw, touches_raw and recipients_raw (parts/ledger.sql, touchpoints.sql, roaming.sql say of which
--         days). The model is computed from these rows by lambdas/core/attribution.
-- Columns:
--   path, reason, conversions, nulls, touches   as in parts/walked.sql
--   money        for each currency `code revenue payout gross refunded`, minor units, separated by commas
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
  select path, reason, conversions, nulls, touches, money
  from merged
)
select path, reason, conversions, nulls, touches, money
from shown
order by reason nulls first, conversions desc, nulls desc, path nulls last
limit {{?most}}
