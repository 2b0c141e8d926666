-- Change capture of the fact tables: the change log of the source database into the ODS layer.
-- The later of two changes in the log wins, whatever the rows say. A delete keeps the last values of the row and
-- sets is_deleted.
-- In batch mode the sources need a bound: set 'bounded' = 'true' on them.

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
  row_version,
  log_position
FROM source_trade_order
WHERE error IS NULL;

-- What an update took out of the list of an order, and what a deleted order listed, which may come back with another
-- list: the list itself does not tell any more.
INSERT INTO ods_withdrawn_parcel
SELECT dt, fulfillment_id, order_id, row_version
FROM (
  SELECT
    SUBSTRING(o.order_date FROM 1 FOR 10) AS dt,
    TRY_CAST(TRIM(listed.fulfillment_id) AS BIGINT) AS fulfillment_id,
    o.order_id,
    o.row_version,
    o.listed_now
  FROM (
    SELECT
      *,
      IF(op = 'd', fulfillment_ids, JSON_VALUE(before, '$.fulfillment_ids')) AS listed_before,
      IF(op = 'd', '', fulfillment_ids) AS listed_now
    FROM source_trade_order
    WHERE error IS NULL AND (op = 'd' OR before IS NOT NULL)
  ) AS o
  CROSS JOIN UNNEST(SPLIT(o.listed_before, ',')) AS listed (fulfillment_id)
  WHERE o.listed_before <> o.listed_now
)
WHERE fulfillment_id IS NOT NULL
  AND NOT ARRAY_CONTAINS(SPLIT(REPLACE(listed_now, ' ', ''), ','), CAST(fulfillment_id AS STRING));

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
  row_version,
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
  row_version,
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
  row_version,
  log_position
FROM source_customs_declaration
WHERE error IS NULL;

INSERT INTO ops_dead_letter
SELECT 'ods_trade_order', topic, place, error, payload, row_version, logged_at FROM source_trade_order WHERE error IS NOT NULL
UNION ALL
SELECT 'ods_fulfillment_order', topic, place, error, payload, row_version, logged_at FROM source_fulfillment_order WHERE error IS NOT NULL
UNION ALL
SELECT 'ods_logistics_event', topic, place, error, payload, row_version, logged_at FROM source_logistics_event WHERE error IS NOT NULL
UNION ALL
SELECT 'ods_customs_declaration', topic, place, error, payload, row_version, logged_at FROM source_customs_declaration WHERE error IS NOT NULL;
