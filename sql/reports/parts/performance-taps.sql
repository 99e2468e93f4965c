-- Part performance-taps of reports: steps of a WITH. Clicks are many, so they are added up by themselves, with few columns and once.
-- tap_sets    those of one person (or one anonymous click): in a group (is_person), over all (is_total too); of one person in one
--             campaign (is_campaign), in a group and over all; of one person on one link (is_link), by link. Those of a group that is
--             of one campaign are those of one person in it, and are not told twice.
-- tap_counts  those of a group
--   …_tracked   those that answer to a message of which receipts are told; none but by send
--   human_people, human_squares, …  people who have such clicks, and the sum of their squares (parts/tapped-people.sql)
tap_sets as (
  select
    {{groups}} person, single,
    grouping(in_group) = 1 as is_total,
    grouping(single) = 0 as is_person,
    {{is_campaign}} as is_campaign,
    {{is_link}} as is_link,
    count(*) as clicks,
    count(case when actor = 'human' then 1 end) as human,
    {{clicks_tracked}} as clicks_tracked,
    {{human_tracked}} as human_tracked,
    count(case when actor = 'suspect' then 1 end) as suspect,
    count(case when actor = 'bot' then 1 end) as bot,
    max(is_open) as is_open
  from (
    select
      *,
      1 as in_group,
      coalesce(campaign_id, '') as unique_campaign,
      {{link}} as unique_link
    from asked_tap
  ) as asked_tap
  group by grouping sets (({{groups}} in_group, person, single), (person, single){{more_sets}})
),
tap_groups as (
  select
    {{groups}} is_total,
    cast(sum(clicks) {{of_people}} as bigint) as clicks,
    cast(sum(human) {{of_people}} as bigint) as human,
    cast(sum(clicks_tracked) {{of_people}} as bigint) as clicks_tracked,
    cast(sum(human_tracked) {{of_people}} as bigint) as human_tracked,
    cast(sum(suspect) {{of_people}} as bigint) as suspect,
    cast(sum(bot) {{of_people}} as bigint) as bot,
    cast(sum(case when person is null then human else 0 end) {{of_people}} as bigint) as anonymous,
    count(case when {{is_unique}} and human > 0 and person is not null then 1 end) as uniques,
    count(case when {{is_unique}} and human_tracked > 0 and person is not null then 1 end) as uniques_tracked,
    count(case when is_link and not is_campaign and human > 0 and person is not null then 1 end) as first_clicks,
    {{people}}
    max(is_open) as is_open
  from tap_sets
  group by {{groups}} is_total
),
tap_counts as (
  select
    {{groups}} cast(null as varchar) as reason, is_total,
    {{counts}}
    {{uniques}} as uniques, {{uniques_tracked}} as uniques_tracked, first_clicks,
    {{tapped}}
    is_open
  from tap_groups
),
