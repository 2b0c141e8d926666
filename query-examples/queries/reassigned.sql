-- Question: Which parcels got another warehouse or carrier since a tag of the wide fact?
-- Tables: dwd_fulfillment_wide
-- Columns: dt, fulfillment_id, business_line, warehouse_then, warehouse_now, carrier_then, carrier_now
-- Rows: one per such parcel, by its number
-- Parameter: tag, a tag of dwd_fulfillment_wide
-- Parameter: first_day = 1970-01-01, the first day of order creation
-- Parameter: last_day = 2199-12-31, the last day of order creation
SELECT
  n.dt,
  n.fulfillment_id,
  n.business_line,
  t.warehouse_name AS warehouse_then,
  n.warehouse_name AS warehouse_now,
  t.carrier_name AS carrier_then,
  n.carrier_name AS carrier_now
FROM dwd_fulfillment_wide AS n
JOIN dwd_fulfillment_wide FOR VERSION AS OF '${tag}' AS t ON t.dt = n.dt AND t.fulfillment_id = n.fulfillment_id
WHERE n.dt BETWEEN '${first_day}' AND '${last_day}'
  AND (t.warehouse_id <> n.warehouse_id OR t.carrier_id <> n.carrier_id)
ORDER BY n.fulfillment_id;
