-- Question: What did a tag of the wide fact say, and what does the table say now?
-- Tables: dwd_fulfillment_wide
-- Columns: dt, business_line, created_then, created_now, signed_then, signed_now
-- Rows: one per day of order creation and business line that has parcels now, in this order
-- Parameter: tag, a tag of dwd_fulfillment_wide
--
-- Every published snapshot can be read like this too, by Iceberg's number of it: FOR VERSION AS OF 123. They stand in
-- "dwd_fulfillment_wide$snapshots", with Paimon's number in summary['paimon.snapshot-id'].
SELECT
  n.dt,
  n.business_line,
  COALESCE(t.created, 0) AS created_then,
  n.created AS created_now,
  COALESCE(t.signed, 0) AS signed_then,
  n.signed AS signed_now
FROM (
  SELECT dt, business_line, COUNT(*) AS created, COUNT(signed_at) AS signed
  FROM dwd_fulfillment_wide
  WHERE business_line IS NOT NULL AND is_deleted IS NOT TRUE
  GROUP BY dt, business_line
) AS n
LEFT JOIN (
  SELECT dt, business_line, COUNT(*) AS created, COUNT(signed_at) AS signed
  FROM dwd_fulfillment_wide FOR VERSION AS OF '${tag}'
  WHERE business_line IS NOT NULL AND is_deleted IS NOT TRUE
  GROUP BY dt, business_line
) AS t ON t.dt = n.dt AND t.business_line = n.business_line
ORDER BY n.dt, n.business_line;
