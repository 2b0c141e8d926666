-- The split job: reads the public wide fact once and writes one table per business line.
-- A row that is deleted, or changes its business line, leaves the table it was in.

INSERT INTO dwd_domestic_fulfillment
SELECT
  dt, fulfillment_id, order_id, direction, merchant_id, merchant_name, merchant_category, region_id, region_name,
  warehouse_id, warehouse_name, carrier_id, carrier_name, status, parcel_amount, freight_amount, ordered_at, paid_at,
  accepted_at, outbound_at, picked_up_at, out_for_delivery_at, signed_at, cancelled_at
FROM dwd_fulfillment_wide
WHERE business_line = 'domestic' AND NOT is_deleted;

INSERT INTO dwd_import_fulfillment
SELECT
  dt, fulfillment_id, order_id, direction, merchant_id, merchant_name, merchant_category, region_id, region_name,
  warehouse_id, warehouse_name, carrier_id, carrier_name, status, parcel_amount, freight_amount, customs_status,
  duty_amount, customs_cleared_at, ordered_at, paid_at, accepted_at, outbound_at, picked_up_at, out_for_delivery_at,
  signed_at, cancelled_at
FROM dwd_fulfillment_wide
WHERE business_line = 'import' AND NOT is_deleted;

INSERT INTO dwd_export_fulfillment
SELECT
  dt, fulfillment_id, order_id, direction, merchant_id, merchant_name, merchant_category, region_id, region_name,
  warehouse_id, warehouse_name, carrier_id, carrier_name, status, parcel_amount, freight_amount, customs_status,
  duty_amount, customs_cleared_at, ordered_at, paid_at, accepted_at, outbound_at, picked_up_at, out_for_delivery_at,
  signed_at, cancelled_at
FROM dwd_fulfillment_wide
WHERE business_line = 'export' AND NOT is_deleted;
