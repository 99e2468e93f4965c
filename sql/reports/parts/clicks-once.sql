-- Part clicks-once of reports: steps of a WITH, after step told_{{name}}, the deliveries of clicks that may count.
-- Grain:  one delivery of a click; delivery is 1 on the one that counts: recorded at the edge before rebuilt from logs, then by the
--         newest rules.
-- Few clicks are told more than once. DuckDB, to which reading costs less than ordering, orders only those; to Athena one reading
-- is cheaper, and it orders all (sql/duckdb-hints.ts). They are looked for by a hash, which is shorter than the id; of two ids that
-- share one, both are ordered, and neither is lost.
/*+ duckdb
repeated_{{name}} as (
  select hash(click_id) as click_hash
  from told_{{name}}
  group by click_hash
  having count(*) > 1
),
*/
{{name}} as (
  /*+ duckdb
  select
    *,
    1 as delivery
  from told_{{name}}
  where hash(click_id) not in (select click_hash from repeated_{{name}})
  union all
  */
  select
    *,
    row_number() over (partition by click_id order by recovered, rules_version desc, ts, dt) as delivery
  from told_{{name}}
  /*+ duckdb where hash(click_id) in (select click_hash from repeated_{{name}}) */
),
