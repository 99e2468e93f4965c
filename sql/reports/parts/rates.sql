-- Part rates of reports: steps of a WITH.
-- Source: rates_raw of the days of arrival from a week before the range to the newest. Of the puts of a day the newest counts, as a
--         whole, so that all rates of a day have one base and cross rates go through it.
-- Grain of its last step, factors: a currency on a UTC day (days since 1970) of which the rates know it and the currency of the report.
-- Columns: factor  units of the report's currency for one unit of the currency
-- exponents  one row: decimal places of the currencies that have other than two
exponents as (
  select cast(json_parse({{?exponents}}) as map(varchar, bigint)) as exponents
),
rate_puts as (
  select
    currency,
    rate,
    date_diff('day', date '1970-01-01', cast("date" as date)) as rate_day,
    dense_rank() over (partition by "date" order by recorded_at desc, base) as put
  from rates_raw
  where dt >= {{?rates_first}}
),
newest_rates as (
  select rate_day, currency, max(rate) as rate
  from rate_puts
  where put = 1
  group by rate_day, currency
),
factors as (
  select known.rate_day, known.currency, wanted.rate / known.rate as factor
  from newest_rates known
  join newest_rates wanted on wanted.rate_day = known.rate_day
  where wanted.currency = {{?currency}} and known.currency <> {{?currency}}
),
