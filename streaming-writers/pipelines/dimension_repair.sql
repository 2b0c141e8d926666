-- Mends the dimension attributes of the wide fact: where the dimension's row came after the fact, or changed since.
-- Batch only: a stream would have to remember every fact of every dimension row. Values and versions of the facts
-- are written back as they were read, so a newer fact that arrives meanwhile wins.

INSERT INTO dwd_fulfillment_wide (
  dt, fulfillment_id, order_id, merchant_id, merchant_name, merchant_category, buyer_name, region_id, region_name,
  currency, goods_amount, payment_method, paid_amount, ordered_at, paid_at, order_version)
SELECT
  f.dt, f.fulfillment_id, f.order_id, f.merchant_id, m.merchant_name, m.category, f.buyer_name, f.region_id, r.region_name,
  f.currency, f.goods_amount, f.payment_method, f.paid_amount, f.ordered_at, f.paid_at, f.order_version
FROM dwd_fulfillment_wide AS f
LEFT JOIN dim_merchant AS m ON m.merchant_id = f.merchant_id
LEFT JOIN dim_region AS r ON r.region_id = f.region_id
WHERE f.order_version IS NOT NULL
  AND (f.merchant_name IS DISTINCT FROM m.merchant_name
    OR f.merchant_category IS DISTINCT FROM m.category
    OR f.region_name IS DISTINCT FROM r.region_name);

INSERT INTO dwd_fulfillment_wide (
  dt, fulfillment_id, business_line, direction, warehouse_id, warehouse_name, carrier_id, carrier_name, status,
  weight_grams, parcel_amount, freight_amount, accepted_at, cancelled_at, cancel_reason, fulfillment_version)
SELECT
  f.dt, f.fulfillment_id, f.business_line, f.direction, f.warehouse_id, w.warehouse_name, f.carrier_id, c.carrier_name, f.status,
  f.weight_grams, f.parcel_amount, f.freight_amount, f.accepted_at, f.cancelled_at, f.cancel_reason, f.fulfillment_version
FROM dwd_fulfillment_wide AS f
LEFT JOIN dim_warehouse AS w ON w.warehouse_id = f.warehouse_id
LEFT JOIN dim_carrier AS c ON c.carrier_id = f.carrier_id
WHERE f.fulfillment_version IS NOT NULL
  AND (f.warehouse_name IS DISTINCT FROM w.warehouse_name
    OR f.carrier_name IS DISTINCT FROM c.carrier_name);
