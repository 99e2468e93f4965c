-- Part tapped-people of reports: columns. People (or single clicks) who have any {{name}}, and the sum of their squares.
count(case when is_person and {{name}} > 0 then 1 end) as {{name}}_people,
sum(cast({{name}} as double) * cast({{name}} as double)) {{of_people}} as {{name}}_squares,
