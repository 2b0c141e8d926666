-- Timeliness of carriers by the hour of the pick-up; cancelled and deleted orders do not count.
-- The stream maintains open days only, by the day of the pick-up.
INSERT INTO dws_carrier_hour
SELECT
  DATE_FORMAT(picked_up_at, 'yyyy-MM-dd') AS dt,
  CAST(EXTRACT(HOUR FROM picked_up_at) AS INT) AS stat_hour,
  business_line,
  COALESCE(carrier_id, 0) AS carrier_id,
  COUNT(*) AS picked_up_count,
  COUNT(out_for_delivery_at) AS out_for_delivery_count,
  COUNT(signed_at) AS signed_count,
  COALESCE(SUM(CAST(TIMESTAMPDIFF(MINUTE, picked_up_at, signed_at) AS BIGINT)), CAST(0 AS BIGINT)) AS transit_minutes
FROM dwd_fulfillment_wide
WHERE business_line IS NOT NULL AND picked_up_at IS NOT NULL AND cancelled_at IS NULL AND NOT is_deleted
  AND IS_OPEN_DAY(DATE_FORMAT(picked_up_at, 'yyyy-MM-dd'))
GROUP BY
  DATE_FORMAT(picked_up_at, 'yyyy-MM-dd'),
  CAST(EXTRACT(HOUR FROM picked_up_at) AS INT),
  business_line,
  COALESCE(carrier_id, 0);
