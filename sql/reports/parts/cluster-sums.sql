-- Part cluster-sums of reports: columns. What the delta method wants to know of the ratio {{r}} / {{c}}, each row of a person being a
-- cluster.
count(case when is_person and (coalesce({{r}}, 0) <> 0 or coalesce({{c}}, 0) <> 0) then 1 end) as {{name}}_n,
sum(cast({{r}} as double) * cast({{r}} as double)) filter (where is_person) as {{name}}_rr,
sum(cast({{r}} as double) * cast({{c}} as double)) filter (where is_person) as {{name}}_rc,
sum(cast({{c}} as double) * cast({{c}} as double)) filter (where is_person) as {{name}}_cc,
