-- Flink: reads a tag by an option of the table; Trino has FOR VERSION AS OF.
SELECT
  n.dt,
  n.fulfillment_id,
  n.business_line,
  t.warehouse_name AS warehouse_then,
  n.warehouse_name AS warehouse_now,
  t.carrier_name AS carrier_then,
  n.carrier_name AS carrier_now
FROM dwd_fulfillment_wide AS n
JOIN dwd_fulfillment_wide /*+ OPTIONS('scan.tag-name' = '${tag}') */ AS t
  ON t.dt = n.dt AND t.fulfillment_id = n.fulfillment_id
WHERE n.dt BETWEEN '${first_day}' AND '${last_day}'
  AND (t.warehouse_id <> n.warehouse_id OR t.carrier_id <> n.carrier_id)
ORDER BY n.fulfillment_id;
