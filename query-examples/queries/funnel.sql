-- Question: How many parcels reach each milestone, and where do they get lost?
-- Tables: dwd_fulfillment_wide_clean
-- Columns: business_line, created, paid, accepted, outbound, picked_up, customs_cleared, out_for_delivery, signed,
--   cancelled, signed_percent
-- Rows: one per business line; customs_cleared is 0 for domestic parcels, signed_percent is rounded down
-- Parameter: first_day = 1970-01-01, the first day of order creation
-- Parameter: last_day = 2199-12-31, the last day of order creation
SELECT
  business_line,
  COUNT(*) AS created,
  COUNT(paid_at) AS paid,
  COUNT(accepted_at) AS accepted,
  COUNT(outbound_at) AS outbound,
  COUNT(picked_up_at) AS picked_up,
  COUNT(customs_cleared_at) AS customs_cleared,
  COUNT(out_for_delivery_at) AS out_for_delivery,
  COUNT(signed_at) AS signed,
  COUNT(cancelled_at) AS cancelled,
  100 * COUNT(signed_at) / COUNT(*) AS signed_percent
FROM dwd_fulfillment_wide_clean
WHERE business_line IS NOT NULL AND dt BETWEEN '${first_day}' AND '${last_day}'
GROUP BY business_line
ORDER BY business_line;
