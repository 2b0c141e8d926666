-- Question: How many parcels does each business line have a day and warehouse, and how far are they?
-- Tables: dws_fulfillment_day, dim_warehouse_clean
-- Columns: dt, business_line, warehouse_id, warehouse_name, created, cancelled, outbound, signed, parcel_amount
-- Rows: one per day of order creation, business line and warehouse that has a parcel, in this order; warehouse 0
--   stands for none yet
-- Parameter: first_day = 1970-01-01, the first day
-- Parameter: last_day = 2199-12-31, the last day
SELECT
  d.dt,
  d.business_line,
  d.warehouse_id,
  w.warehouse_name,
  SUM(d.created_count) AS created,
  SUM(d.cancelled_count) AS cancelled,
  SUM(d.outbound_count) AS outbound,
  SUM(d.signed_count) AS signed,
  SUM(d.parcel_amount) AS parcel_amount
FROM dws_fulfillment_day AS d
LEFT JOIN dim_warehouse_clean AS w ON w.warehouse_id = d.warehouse_id
WHERE d.dt BETWEEN '${first_day}' AND '${last_day}'
GROUP BY d.dt, d.business_line, d.warehouse_id, w.warehouse_name
ORDER BY d.dt, d.business_line, d.warehouse_id;
