-- Report attribution
-- Grain:  one group of the dimensions asked for and of the reason why there is no touch, and one row over all (is_total). Rows
--         without a touch are (unattributed), so that rows add up to the ledger to the minor unit.
-- Source: conversions_raw, clicks_raw, touches_raw, recipients_raw (parts/ledger.sql, parts/touchpoints.sql say of which days).
--         Credits are made anew with each question, from rows that never change.
-- Columns: the dimensions, reason, then
--   conversions  credits: a conversion that counts is 1, divided among the touches of its path
--   touches      touches in the paths of conversions, with and without credit
--   money        for each currency `code revenue payout gross refunded`, minor units, separated by commas
--   is_total     true on the row over all groups
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
placed as (
  select
    *,
    row_number() over (partition by is_total order by {{order}}) as place
  from grouped
)
select
  {{output}}
  conversions, touches, money, is_total
from placed
where is_total or (place > {{?offset}} and place <= {{?last}})
order by is_total desc, place
