-- Macros that make the rows of a lake for benchmarks, the same for the same seed: everything about a click follows from its number.
-- seed, subscribers, campaigns, days, first_day and clicks are variables of the session.
create macro drawn(n, about) as hash(n, about, getvariable('seed'));
create macro below(n, about, limit_) as (drawn(n, about) % limit_::ubigint)::bigint;
create macro click_day(n) as (n * getvariable('days') // getvariable('clicks'))::bigint;
create macro click_ts(n) as getvariable('first_day') + click_day(n) * 86400000 + below(n, 'ts', 86400000);
create macro click_of(n) as substr(md5(concat('click ', n, ' ', getvariable('seed'))), 1, 32);
create macro subscriber_of(n) as 1 + below(n, 'subscriber', getvariable('subscribers'));
create macro campaign_of(n) as 1 + below(n, 'campaign', getvariable('campaigns'));
create macro actor_of(n) as case when below(n, 'actor', 100) < 80 then 'human' when below(n, 'actor', 100) < 85 then 'suspect' else 'bot' end;
create macro day_text(ms) as strftime(make_timestamp(ms * 1000), '%Y-%m-%d');
create macro click_rows(first_, end_) as table
  select
    click_of(n) as click_id, click_ts(n) as ts, md5(concat('request ', n)) as request_id, 'go.example.com' as domain,
    substr(md5(concat('code ', subscriber_of(n), campaign_of(n))), 1, 12) as code, 'personal' as code_kind,
    campaign_of(n) as link_no, subscriber_of(n) as subscriber_no, below(n, 'nonce', 1073741824) as nonce, 1::bigint as key_id,
    concat('campaign-', campaign_of(n)) as campaign_id, concat('message-', campaign_of(n) % 5) as message_id,
    concat('v', below(n, 'creative', 3)) as creative, concat('segment-', below(n, 'segment', 6)) as segment,
    'redirected' as outcome, 'offer.example.com' as destination_host, 302::bigint as status, 'GET' as method,
    concat('Mozilla/5.0 (iPhone; CPU iPhone OS 18_', below(n, 'agent', 9), ' like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.',
      below(n, 'agent2', 9), ' Mobile/15E148 Safari/604.1') as user_agent,
    substr(md5(concat('ip ', subscriber_of(n), click_day(n))), 1, 22) as ip_hash,
    concat('203.', below(n, 'ip', 250), '.', below(n, 'ip2', 250), '.0/24') as ip_prefix, 7000 + below(n, 'asn', 300) as asn,
    'US' as country, concat('R', below(n, 'region', 50)) as region, concat('City ', below(n, 'city', 2000)) as city,
    'America/New_York' as time_zone, 'en-US,en;q=0.9' as accept_language, '2.0' as http_version,
    'us-east-1' as edge_region, below(n, 'lookup', 9000) / 1000.0 as lookup_ms, below(n, 'total', 9000) / 1000.0 as total_ms,
    'hit' as cache, 'mobile' as device, case when below(n, 'os', 3) = 0 then 'android' else 'ios' end as os, 'safari' as browser,
    actor_of(n) as actor, case when actor_of(n) = 'human' then [] else ['datacenter'] end as reasons, '1' as rules_version,
    false as recovered
  from range(first_, end_) as r (n);
create macro conversion_rows(count_) as table
  select
    concat(conversion_id, ':1') as entry_id, conversion_id, 1::bigint as version, 'sale' as entry, 'sale' as event,
    'approved' as status, converted_at as occurred_at, converted_at, converted_at + 500 as received_at,
    case when is_shop then 'shop' else 'net' end as source_id, case when is_shop then 'shop' else 'network' end as source_kind,
    case when is_shop then 'shopify' else 'everflow' end as network, conversion_id as txn_id,
    case when match = 'click_id' then click_of(n) end as click_id, case when match = 'click_id' then click_ts(n) end as clicked_at,
    case when match = 'click_id' then below(n, 'nonce', 1073741824) end as nonce,
    case when match = 'click_id' then campaign_of(n) end as link_no, case when match <> 'none' then subscriber_of(n) end as subscriber_no,
    case when match = 'click_id' then concat('campaign-', campaign_of(n)) end as campaign_id, match, false as match_conflict,
    case when match = 'none' then 'no_key' end as unmatched_reason,
    amount as revenue_minor, case when not is_shop then amount end as payout_minor, 'USD' as currency, 2::bigint as exponent,
    'postback' as origin, day_text(converted_at) as dt
  from (
    select
      n, concat('conversion-', i) as conversion_id, click_ts(n) + below(i, 'delay', 432000000) as converted_at,
      below(i, 'shop', 10) < 4 as is_shop, 100 + below(i, 'amount', 9900) as amount,
      case when below(i, 'shop', 10) >= 4 then 'click_id' when below(i, 'shop', 10) = 3 then 'none' else 'identity' end as match
    from (select i, below(i, 'of', getvariable('clicks')) as n from range(count_) as r (i))
  );
create macro send_rows(count_, clicks_per_send) as table
  select
    concat('m-', i) as id, 'delivered' as type, ts, ts as received_at, true as is_final, concat('campaign-', campaign_of(n)) as campaign_id,
    concat('message-', campaign_of(n) % 5) as message_id, concat('v', below(n, 'creative', 3)) as creative,
    concat('segment-', below(n, 'segment', 6)) as segment, campaign_of(n) as link_no, subscriber_of(n) as subscriber_no,
    'api' as provider, 1::bigint as parts, 7900::bigint as price_micros, 'USD' as currency, 'US' as country, day_text(ts) as dt
  from (select i, i * clicks_per_send as n, click_ts(i * clicks_per_send) - 600000 as ts from range(count_) as r (i));
