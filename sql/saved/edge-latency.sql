-- Edge latency: milliseconds until the answer was ready (delivery of the record not included), by region and cache.
select
  edge_region,
  cache,
  count(*) as requests,
  approx_percentile(total_ms, 0.5) as total_ms_p50,
  approx_percentile(total_ms, 0.99) as total_ms_p99
from clicks
where dt >= cast(cast(current_date - interval '7' day as date) as varchar)
group by edge_region, cache
order by requests desc, edge_region nulls last
