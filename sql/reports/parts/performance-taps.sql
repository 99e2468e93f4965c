-- Part performance-taps of reports: steps of a WITH. Clicks are many, so they are added up by themselves and with few columns.
-- tap_people  clicks of one person (or one anonymous click) in one campaign, and by link on one link
-- tap_sets    those of one person: in a group (is_person), over all (is_total too), over all in one campaign (is_campaign), and, by
--             link, over all on one link
-- tap_counts  those of a group
--   human_people, human_squares, clicks_people, clicks_squares   people who have such clicks, and the sum of their squares
tap_people as (
  select
    {{dimensions}} person, single, unique_campaign, unique_link,
    count(*) as clicks,
    count(case when actor = 'human' then 1 end) as human,
    count(case when actor = 'suspect' then 1 end) as suspect,
    count(case when actor = 'bot' then 1 end) as bot,
    max(is_open) as is_open
  from (
    select
      *,
      coalesce(campaign_id, '') as unique_campaign,
      {{link}} as unique_link
    from asked_tap
  ) as asked_tap
  group by {{dimensions}} person, single, unique_campaign, unique_link
),
tap_sets as (
  select
    {{dimensions}} person, single,
    grouping(reason) = 1 as is_total,
    grouping(single) = 0 as is_person,
    grouping(unique_campaign) = 0 as is_campaign,
    cast(sum(clicks) as bigint) as clicks,
    cast(sum(human) as bigint) as human,
    cast(sum(suspect) as bigint) as suspect,
    cast(sum(bot) as bigint) as bot,
    count(case when human > 0 and person is not null then 1 end) as campaigns,
    max(case when human > 0 and person is not null and unique_link is not null then 1 else 0 end) as links,
    max(is_open) as is_open
  from tap_people
  group by grouping sets (({{by}}, person, single), (person, single), (person, unique_campaign){{link_set}})
),
tap_counts as (
  select
    {{dimensions}} is_total,
    cast(sum(clicks) filter (where is_person) as bigint) as clicks,
    cast(sum(human) filter (where is_person) as bigint) as human,
    cast(sum(suspect) filter (where is_person) as bigint) as suspect,
    cast(sum(bot) filter (where is_person) as bigint) as bot,
    cast(sum(case when person is null then human else 0 end) filter (where is_person) as bigint) as anonymous,
    case
      when is_total then count(case when is_campaign and campaigns > 0 then 1 end)
      else cast(sum(campaigns) filter (where is_person) as bigint)
    end as uniques,
    case
      when is_total then count(case when not is_person and not is_campaign and links > 0 then 1 end)
      else cast(sum(links) filter (where is_person) as bigint)
    end as first_clicks,
    count(case when is_person and human > 0 then 1 end) as human_people,
    count(case when is_person then 1 end) as clicks_people,
    sum(cast(human as double) * cast(human as double)) filter (where is_person) as human_squares,
    sum(cast(clicks as double) * cast(clicks as double)) filter (where is_person) as clicks_squares,
    max(is_open) as is_open
  from tap_sets
  group by {{by}}, is_total
),
