-- Part split of reports: steps of a WITH that split {{amount}} among the touches of an entry, after step {{source}}.
-- Largest remainder; remainders closer than a millionth are a tie, since engines differ in the last digits of a quotient. Negative
-- amounts mirror positive ones.
-- Adds: {{amount}}_share  whole minor units, adding up to {{amount}} for each entry and model
{{amount}}_portions as (
  select
    *,
    cast(abs({{amount}}) as double) * weight as {{amount}}_portion
  from {{source}}
),
{{amount}}_ranks as (
  select
    *,
    row_number() over (
      partition by model, entry_id
      order by round(({{amount}}_portion - floor({{amount}}_portion)) / 1e-6) desc, place
    ) as {{amount}}_rank,
    abs({{amount}}) - cast(sum(floor({{amount}}_portion)) over (partition by model, entry_id) as bigint) as {{amount}}_left
  from {{amount}}_portions
),
{{amount}}_shares as (
  select
    *,
    sign({{amount}}) * (
      cast(floor({{amount}}_portion) as bigint) + sign({{amount}}_left) * (
        cast(floor(cast(abs({{amount}}_left) as double) / path_length) as bigint)
        + case when {{amount}}_rank <= mod(abs({{amount}}_left), path_length) then 1 else 0 end
      )
    ) as {{amount}}_share
  from {{amount}}_ranks
),
