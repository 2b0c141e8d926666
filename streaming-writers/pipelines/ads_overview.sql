-- Dashboard totals per business line and day, out of the light aggregation. The stream maintains open days only.
INSERT INTO ads_overview
SELECT
  dt,
  business_line,
  SUM(created_count) AS created_count,
  SUM(valid_count) AS valid_count,
  SUM(cancelled_count) AS cancelled_count,
  SUM(outbound_count) AS outbound_count,
  SUM(picked_up_count) AS picked_up_count,
  SUM(signed_count) AS signed_count,
  CAST(SUM(parcel_amount) AS DECIMAL(18, 2)) AS parcel_amount,
  CAST(SUM(freight_amount) AS DECIMAL(18, 2)) AS freight_amount
FROM dws_fulfillment_day
WHERE IS_OPEN_DAY(dt)
GROUP BY dt, business_line;
