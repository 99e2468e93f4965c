-- Part performance-amounts of reports: columns. What each amount counts as; once in its own currency, once in the report's.
case when "match" = 'click_id' then revenue{{in}} else 0 end as revenue_click{{in}},
case when "match" = 'promo_code' then revenue{{in}} else 0 end as revenue_promo{{in}},
case when "match" = 'identity' then revenue{{in}} else 0 end as revenue_identity{{in}},
case when "match" <> 'none' then revenue{{in}} else 0 end as revenue_matched{{in}},
case when "match" = 'click_id' and reason is null then revenue{{in}} else 0 end as revenue_clicked{{in}},
case when "match" = 'click_id' and reason is null then payout{{in}} else 0 end as payout_clicked{{in}},
case when is_gross then revenue{{in}} else 0 end as gross{{in}},
case when is_gross then 0 else -revenue{{in}} end as refunded{{in}},
case when status = 'pending' then revenue{{in}} else 0 end as pending{{in}},
case when event = 'sale' and status <> 'rejected' and is_gross then revenue{{in}} else 0 end
  as gross_sale{{in}}
