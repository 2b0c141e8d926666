-- Offline snapshot of the source table trade_order, by day of order creation, into the ODS table.
SELECT
  dt,
  order_id,
  business_line,
  merchant_id,
  buyer_name,
  region_id,
  fulfillment_ids,
  currency,
  goods_amount,
  payment_method,
  paid_amount,
  remark,
  created_at,
  paid_at,
  updated_at,
  is_deleted,
  CAST(${version} AS BIGINT) AS row_version,
  source_file
FROM snapshot;
