-- Part credits of reports: steps of a WITH, after part paths.
-- Grain of its last step, credits: one entry of the ledger, for one touch of its conversion's path (or for none, with the reason),
--         under one model.
-- Columns: the step's and the entry's, and
--   weight    share of the conversion, 0 to 1; those of a conversion add up to 1
--   revenue, payout  what the touch gets by this entry, minor units: what it gets of the net so far less what it got of the net
--             before, each split by largest remainder, of equal remainders the earlier touch first. So shares add up to every
--             entry, and a refund takes back what its sale gave. The same as lambdas/core/attribution/split.ts.
{{decaying}}
weighed as (
  select
    s.*,
    m.model,
    case
      when reason is not null then 1e0
      when m.model = 'last' then case when place = path_length then 1e0 else 0e0 end
      when m.model = 'first' then case when place = 1 then 1e0 else 0e0 end
      when m.model = 'linear' or (m.model = 'position' and path_length < 3) then 1e0 / path_length
      when m.model = 'position' then case when place in (1, path_length) then 4e-1 else 2e-1 / (path_length - 2) end
      {{by_decay}}
    end as weight
  from {{weighable}} s
  cross join (values {{models}}) as m (model)
),
entered as (
  select
    w.*,
    e.entry_id, e.entry_place, e.occurred_at, e.entry, e.status, e.currency, e.is_gross, e.is_taken_back,
    revenue_net, revenue_net - coalesce(e.revenue_minor, 0) as revenue_before,
    payout_net, payout_net - coalesce(e.payout_minor, 0) as payout_before
  from weighed w
  join entries e on e.conversion_id = w.conversion_id
  where {{entry_in_range}}
),
