-- Question: Which parcels have stood at a milestone since before a given time?
-- Tables: dwd_fulfillment_wide_clean
-- Columns: dt, fulfillment_id, business_line, milestone, reached_at, warehouse_name, carrier_name
-- Rows: one per parcel that is neither signed nor cancelled and whose newest milestone is that one, the longest first
-- Parameter: milestone = outbound, created or paid or accepted or outbound or picked_up or customs_cleared or
--   out_for_delivery
-- Parameter: before = 2199-12-31 00:00:00, when it was reached at the latest, in the business time zone
SELECT dt, fulfillment_id, business_line, milestone, reached_at, warehouse_name, carrier_name
FROM (
  SELECT
    dt,
    fulfillment_id,
    business_line,
    warehouse_name,
    carrier_name,
    CASE
      WHEN out_for_delivery_at IS NOT NULL THEN 'out_for_delivery'
      WHEN customs_cleared_at IS NOT NULL THEN 'customs_cleared'
      WHEN picked_up_at IS NOT NULL THEN 'picked_up'
      WHEN outbound_at IS NOT NULL THEN 'outbound'
      WHEN accepted_at IS NOT NULL THEN 'accepted'
      WHEN paid_at IS NOT NULL THEN 'paid'
      ELSE 'created'
    END AS milestone,
    COALESCE(out_for_delivery_at, customs_cleared_at, picked_up_at, outbound_at, accepted_at, paid_at, ordered_at)
      AS reached_at
  FROM dwd_fulfillment_wide_clean
  WHERE signed_at IS NULL AND cancelled_at IS NULL
) AS parcel
WHERE milestone = '${milestone}' AND reached_at < TIMESTAMP '${before}'
ORDER BY reached_at, fulfillment_id;
