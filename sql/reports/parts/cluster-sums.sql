-- Part cluster-sums of reports: columns. What the delta method wants to know of the ratio {{r}} / {{c}}, each row of a person being a
-- cluster, all others being null. {{name}}_n are those that are not counted elsewhere: people who clicked are, where clicks are a side.
count(case when {{is_cluster}} then 1 end) as {{name}}_n,
sum(cast({{r}} as double) * cast({{r}} as double)) as {{name}}_rr,
sum(cast({{r}} as double) * cast({{c}} as double)) as {{name}}_rc,
sum(cast({{c}} as double) * cast({{c}} as double)) as {{name}}_cc,
