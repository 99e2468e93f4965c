-- Part nearest-rank of reports: an expression. The least delay that {{share}} of all do not exceed; null where there is none.
element_at(
  array_sort(flatten(array_agg(delays) filter (where delays is not null))),
  cast(ceil(cardinality(flatten(array_agg(delays) filter (where delays is not null))) * {{share}}) as bigint)
)