-- Flink: reads a tag by an option of the table; Trino has FOR VERSION AS OF.
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
  FROM dwd_fulfillment_wide /*+ OPTIONS('scan.tag-name' = '${tag}') */
  WHERE business_line IS NOT NULL AND is_deleted IS NOT TRUE
  GROUP BY dt, business_line
) AS t ON t.dt = n.dt AND t.business_line = n.business_line
ORDER BY n.dt, n.business_line;
