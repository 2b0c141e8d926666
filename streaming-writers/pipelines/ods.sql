-- Change capture of the fact tables: the change log of the source database into the ODS layer.
-- A delete keeps the last values of the row and sets is_deleted; it orders after the update it follows.
-- In batch mode the sources need a bound: set 'scan.bounded.mode' = 'latest-offset' on them.

INSERT INTO ods_trade_order
SELECT
  SUBSTRING(order_date FROM 1 FOR 10) AS dt,
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
  op = 'd' AS is_deleted,
  REALTIME_VERSION(updated_at, IF(op = 'd', 1, 0)) AS row_version,
  log_position
FROM source_trade_order
WHERE error IS NULL;

INSERT INTO ods_fulfillment_order
SELECT
  SUBSTRING(order_date FROM 1 FOR 10) AS dt,
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
  op = 'd' AS is_deleted,
  REALTIME_VERSION(updated_at, IF(op = 'd', 1, 0)) AS row_version,
  log_position
FROM source_fulfillment_order
WHERE error IS NULL;

INSERT INTO ods_logistics_event
SELECT
  SUBSTRING(order_date FROM 1 FOR 10) AS dt,
  event_id,
  fulfillment_id,
  event_type,
  event_time,
  station,
  device_no,
  received_at,
  updated_at,
  op = 'd' AS is_deleted,
  REALTIME_VERSION(updated_at, IF(op = 'd', 1, 0)) AS row_version,
  log_position
FROM source_logistics_event
WHERE error IS NULL;

INSERT INTO ods_customs_declaration
SELECT
  SUBSTRING(order_date FROM 1 FOR 10) AS dt,
  declaration_id,
  fulfillment_id,
  customs_status,
  duty_amount,
  declared_at,
  cleared_at,
  updated_at,
  op = 'd' AS is_deleted,
  REALTIME_VERSION(updated_at, IF(op = 'd', 1, 0)) AS row_version,
  log_position
FROM source_customs_declaration
WHERE error IS NULL;

INSERT INTO ops_dead_letter
SELECT topic, log_partition, log_position, error, payload, logged_at FROM source_trade_order WHERE error IS NOT NULL
UNION ALL
SELECT topic, log_partition, log_position, error, payload, logged_at FROM source_fulfillment_order WHERE error IS NOT NULL
UNION ALL
SELECT topic, log_partition, log_position, error, payload, logged_at FROM source_logistics_event WHERE error IS NOT NULL
UNION ALL
SELECT topic, log_partition, log_position, error, payload, logged_at FROM source_customs_declaration WHERE error IS NOT NULL;
