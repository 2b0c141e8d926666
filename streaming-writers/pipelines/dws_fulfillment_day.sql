-- Light aggregation of the wide fact. Cancelled, re-assigned and deleted orders leave the counts they were in;
-- a group without orders disappears. The stream maintains open days only.
INSERT INTO dws_fulfillment_day
SELECT
  dt,
  business_line,
  direction,
  COALESCE(warehouse_id, 0) AS warehouse_id,
  COALESCE(carrier_id, 0) AS carrier_id,
  COALESCE(region_id, 0) AS region_id,
  COUNT(*) AS created_count,
  COUNT(*) FILTER (WHERE cancelled_at IS NULL) AS valid_count,
  COUNT(cancelled_at) AS cancelled_count,
  COUNT(outbound_at) FILTER (WHERE cancelled_at IS NULL) AS outbound_count,
  COUNT(picked_up_at) FILTER (WHERE cancelled_at IS NULL) AS picked_up_count,
  COUNT(signed_at) FILTER (WHERE cancelled_at IS NULL) AS signed_count,
  CAST(COALESCE(SUM(parcel_amount) FILTER (WHERE cancelled_at IS NULL), 0) AS DECIMAL(18, 2)) AS parcel_amount,
  CAST(COALESCE(SUM(freight_amount) FILTER (WHERE cancelled_at IS NULL), 0) AS DECIMAL(18, 2)) AS freight_amount
FROM dwd_fulfillment_wide
WHERE business_line IS NOT NULL AND direction IS NOT NULL AND NOT is_deleted AND IS_OPEN_DAY(dt)
GROUP BY
  dt, business_line, direction, COALESCE(warehouse_id, 0), COALESCE(carrier_id, 0), COALESCE(region_id, 0);
