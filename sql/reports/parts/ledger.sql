-- Part ledger of reports: steps of a WITH.
-- Source: conversions_raw. dt from RETURN_DAYS before the range, since what is taken back needs its sale, to the newest: entries
--         come late, and come again when a conversion is matched again.
-- entries    one entry of the ledger, once: of its deliveries that of the highest version.
--   entry_place     1 on the entry that counts the conversion: its sale. null on what is no sale, also where the sale lies before the
--                   days that are read: a late chargeback is no new conversion
--   recency         1 on the entry that says who converted and how that was found out: the newest
--   current_status  status after the conversion's last entry
--   in_range        1 where any entry of the conversion happened in the range
--   is_gross        true on sales and their corrections, and on the entry that takes out what was rejected before it was ever approved:
--                   that was no revenue, so nothing is taken back. All others take back
--   is_taken_back   true where something was sold and nothing of it is left
--   revenue_net, payout_net  what the conversion came to with this entry, by currency; entries in order of their time
-- converted  one conversion, as its newest entry tells. code is its promo code without case, hyphens and look-alikes.
delivered_entries as (
  select
    *,
    row_number() over (partition by entry_id order by version desc, received_at, dt) as delivery
  from conversions_raw
  where dt between {{?ledger_first}} and {{?ledger_last}} and received_at < {{?as_of}}
),
ordered_entries as (
  select
    *,
    case
      when entry = 'sale' then row_number() over (
        partition by conversion_id order by case when entry = 'sale' then 0 else 1 end, length(entry_id), entry_id
      )
    end as entry_place,
    row_number() over (
      partition by conversion_id order by version desc, length(entry_id) desc, entry_id desc
    ) as recency,
    first_value(status) over (partition by conversion_id order by length(entry_id) desc, entry_id desc) as current_status,
    max(case when occurred_at >= {{?from}} and occurred_at < {{?to}} then 1 else 0 end)
      over (partition by conversion_id) as in_range,
    cast(sum(coalesce(revenue_minor, 0)) over (
      partition by conversion_id, currency order by occurred_at, length(entry_id), entry_id rows unbounded preceding
    ) as bigint) as revenue_net,
    cast(sum(coalesce(payout_minor, 0)) over (
      partition by conversion_id, currency order by occurred_at, length(entry_id), entry_id rows unbounded preceding
    ) as bigint) as payout_net,
    sum(coalesce(revenue_minor, 0)) over (partition by conversion_id, currency) as left_in_currency,
    sum(case when entry in ('sale', 'correction') then coalesce(revenue_minor, 0) else 0 end)
      over (partition by conversion_id, currency) as sold_in_currency
  from delivered_entries
  where delivery = 1
),
entries as (
  select
    *,
    entry in ('sale', 'correction') or (entry = 'status' and current_status = 'rejected') as is_gross,
    max(sold_in_currency) over (partition by conversion_id) > 0
      and max(left_in_currency) over (partition by conversion_id) <= 0 as is_taken_back
  from ordered_entries
),
converted as (
  select
    conversion_id, source_kind, source_id, event, current_status, product, match, converted_at,
    click_id, clicked_at, nonce, link_no, subscriber_no, subscriber_id,
    campaign_id, message_id, creative, segment, partner, offer_id,
    translate(upper(promo_code), 'OIL- ', '011') as code
  from entries
  where recency = 1 and {{in_scope}}
),
