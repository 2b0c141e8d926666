-- Question: Which parcels were cancelled after they had left the warehouse, and what freight did they cost?
-- Tables: dwd_fulfillment_wide_clean
-- Columns: dt, fulfillment_id, business_line, carrier_name, outbound_at, cancelled_at, cancel_reason, freight_amount
-- Rows: one per such parcel, the latest cancellation first
SELECT dt, fulfillment_id, business_line, carrier_name, outbound_at, cancelled_at, cancel_reason, freight_amount
FROM dwd_fulfillment_wide_clean
WHERE cancelled_at > outbound_at
ORDER BY cancelled_at DESC, fulfillment_id;
