-- Part converting-people of reports: a condition that only DuckDB reads. Which people's clicks can stand beside a conversion of theirs,
-- where nothing but conversions is told of people: few of all who clicked, so that few are joined.
/*+ duckdb and (person is null or person in (select subscriber_no from steps where subscriber_no is not null)) */
