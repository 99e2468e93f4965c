-- Report models
-- Grain:  one group of the dimensions asked for, under one model that works conversion by conversion (kind credit); and one sequence
--         of units (kind path), from which lambdas/core/attribution computes the others.
-- Source: conversions_raw, clicks_raw, touches_raw and recipients_raw (parts/ledger.sql, touchpoints.sql, roaming.sql say of which
--         days).
-- Columns: as in reports attribution and attribution-paths.
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
    'credit' as kind, {{by}}, cast(null as varchar) as path, conversions, cast(0 as bigint) as nulls, touches, money
  from grouped
  where not is_total
  union all
  select 'path', {{no_by}}, path, conversions, nulls, touches, money
  from merged
)
select kind, {{by}}, path, conversions, nulls, touches, money
from shown
order by kind, conversions desc, nulls desc, path nulls last
limit {{?most}}
