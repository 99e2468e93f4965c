-- Part terms of reports: one step of a WITH, one row: what campaigns, offers and the account say about windows (milliseconds) and
-- about which events count as conversions (`,sale,lead,`).
terms as (
  select
    cast(json_parse({{?campaign_windows}}) as map(varchar, bigint)) as campaign_windows,
    cast(json_parse({{?offer_windows}}) as map(varchar, bigint)) as offer_windows,
    cast({{?account_window}} as bigint) as account_window,
    cast(json_parse({{?campaign_events}}) as map(varchar, varchar)) as campaign_events,
    {{?account_events}} as account_events
),
