-- Part cluster-sums of reports: columns. What the delta method wants to know of the ratio {{r}} / {{c}}, each row being a cluster.
count(case when coalesce({{r}}, 0) <> 0 or coalesce({{c}}, 0) <> 0 then 1 end) as {{name}}_n,
sum(cast({{r}} as double) * cast({{r}} as double)) as {{name}}_rr,
sum(cast({{r}} as double) * cast({{c}} as double)) as {{name}}_rc,
sum(cast({{c}} as double) * cast({{c}} as double)) as {{name}}_cc,
