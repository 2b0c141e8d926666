-- Offline snapshot of the source table fulfillment_order, by day of order creation, into the ODS table.
SELECT
  dt,
  fulfillment_id,
  order_id,
  business_line,
  direction,
  warehouse_id,
  carrier_id,
  status,
  weight_grams,
  parcel_amount,
  freight_amount,
  created_at,
  accepted_at,
  cancelled_at,
  cancel_reason,
  updated_at,
  is_deleted,
  CAST(${version} AS BIGINT) AS row_version,
  source_file
FROM snapshot;
