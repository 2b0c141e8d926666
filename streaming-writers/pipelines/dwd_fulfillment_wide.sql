-- ODS into the wide fact: each source sets the column groups it knows and leaves the others alone (NULL version).
-- Never a join of streams: parcels live for weeks. Dimension attributes come from lookup joins; what a lookup
-- missed, and what a dimension changed since, is mended by dimension_repair.sql.
-- A deleted scan empties its milestone, unless a later scan of that milestone came; of scans of one millisecond the last
-- digits of the id tell which is later. A scan whose time the source moves back does not move the milestone back
-- (docs/decisions.md).

CREATE TEMPORARY VIEW parcel_of_order AS
SELECT o.*, CAST(TRIM(parcel.fulfillment_id) AS BIGINT) AS fulfillment_id, PROCTIME() AS proctime
FROM ods_trade_order AS o
CROSS JOIN UNNEST(SPLIT(o.fulfillment_ids, ',')) AS parcel (fulfillment_id);

CREATE TEMPORARY VIEW assigned_fulfillment AS
SELECT *, PROCTIME() AS proctime FROM ods_fulfillment_order;

CREATE TEMPORARY VIEW milestone_scan AS
SELECT
  dt,
  fulfillment_id,
  event_type,
  IF(is_deleted, CAST(NULL AS TIMESTAMP_LTZ(6)), event_time) AS milestone_at,
  IF(is_deleted, CAST(NULL AS STRING), NULLIF(TRIM(station), '')) AS station,
  EVENT_VERSION(event_time, event_id, row_version, is_deleted) AS milestone_version
FROM ods_logistics_event
WHERE event_time IS NOT NULL
  AND fulfillment_id IS NOT NULL
  AND event_type IN ('outbound', 'picked_up', 'out_for_delivery', 'signed');

INSERT INTO dwd_fulfillment_wide
-- order: every parcel of the trade order
SELECT
  o.dt,
  o.fulfillment_id,
  o.order_id,
  o.merchant_id,
  m.merchant_name,
  m.category AS merchant_category,
  o.buyer_name,
  o.region_id,
  r.region_name,
  o.currency,
  o.goods_amount,
  o.payment_method,
  o.paid_amount,
  o.created_at AS ordered_at,
  o.paid_at,
  o.row_version AS order_version,
  CAST(NULL AS STRING) AS business_line,
  CAST(NULL AS STRING) AS direction,
  CAST(NULL AS INT) AS warehouse_id,
  CAST(NULL AS STRING) AS warehouse_name,
  CAST(NULL AS INT) AS carrier_id,
  CAST(NULL AS STRING) AS carrier_name,
  CAST(NULL AS STRING) AS status,
  CAST(NULL AS INT) AS weight_grams,
  CAST(NULL AS DECIMAL(12, 2)) AS parcel_amount,
  CAST(NULL AS DECIMAL(10, 2)) AS freight_amount,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS accepted_at,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS cancelled_at,
  CAST(NULL AS STRING) AS cancel_reason,
  CAST(NULL AS BIGINT) AS fulfillment_version,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS outbound_at,
  CAST(NULL AS STRING) AS outbound_station,
  CAST(NULL AS BIGINT) AS outbound_version,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS picked_up_at,
  CAST(NULL AS STRING) AS picked_up_station,
  CAST(NULL AS BIGINT) AS picked_up_version,
  CAST(NULL AS STRING) AS customs_status,
  CAST(NULL AS DECIMAL(10, 2)) AS duty_amount,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS declared_at,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS customs_cleared_at,
  CAST(NULL AS BIGINT) AS customs_version,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS out_for_delivery_at,
  CAST(NULL AS STRING) AS out_for_delivery_station,
  CAST(NULL AS BIGINT) AS out_for_delivery_version,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS signed_at,
  CAST(NULL AS STRING) AS signed_station,
  CAST(NULL AS BIGINT) AS signed_version,
  CAST(NULL AS BOOLEAN) AS is_deleted,
  CAST(NULL AS BIGINT) AS is_deleted_version
FROM parcel_of_order AS o
LEFT JOIN dim_merchant FOR SYSTEM_TIME AS OF o.proctime AS m ON m.merchant_id = o.merchant_id
LEFT JOIN dim_region FOR SYSTEM_TIME AS OF o.proctime AS r ON r.region_id = o.region_id

UNION ALL
-- fulfillment and is_deleted
SELECT
  f.dt,
  f.fulfillment_id,
  CAST(NULL AS BIGINT) AS order_id,
  CAST(NULL AS BIGINT) AS merchant_id,
  CAST(NULL AS STRING) AS merchant_name,
  CAST(NULL AS STRING) AS merchant_category,
  CAST(NULL AS STRING) AS buyer_name,
  CAST(NULL AS INT) AS region_id,
  CAST(NULL AS STRING) AS region_name,
  CAST(NULL AS STRING) AS currency,
  CAST(NULL AS DECIMAL(12, 2)) AS goods_amount,
  CAST(NULL AS STRING) AS payment_method,
  CAST(NULL AS DECIMAL(12, 2)) AS paid_amount,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS ordered_at,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS paid_at,
  CAST(NULL AS BIGINT) AS order_version,
  f.business_line,
  f.direction,
  f.warehouse_id,
  w.warehouse_name,
  f.carrier_id,
  c.carrier_name,
  f.status,
  f.weight_grams,
  f.parcel_amount,
  f.freight_amount,
  f.accepted_at,
  f.cancelled_at,
  f.cancel_reason,
  f.row_version AS fulfillment_version,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS outbound_at,
  CAST(NULL AS STRING) AS outbound_station,
  CAST(NULL AS BIGINT) AS outbound_version,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS picked_up_at,
  CAST(NULL AS STRING) AS picked_up_station,
  CAST(NULL AS BIGINT) AS picked_up_version,
  CAST(NULL AS STRING) AS customs_status,
  CAST(NULL AS DECIMAL(10, 2)) AS duty_amount,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS declared_at,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS customs_cleared_at,
  CAST(NULL AS BIGINT) AS customs_version,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS out_for_delivery_at,
  CAST(NULL AS STRING) AS out_for_delivery_station,
  CAST(NULL AS BIGINT) AS out_for_delivery_version,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS signed_at,
  CAST(NULL AS STRING) AS signed_station,
  CAST(NULL AS BIGINT) AS signed_version,
  f.is_deleted,
  f.row_version AS is_deleted_version
FROM assigned_fulfillment AS f
LEFT JOIN dim_warehouse FOR SYSTEM_TIME AS OF f.proctime AS w ON w.warehouse_id = f.warehouse_id
LEFT JOIN dim_carrier FOR SYSTEM_TIME AS OF f.proctime AS c ON c.carrier_id = f.carrier_id

UNION ALL
-- one milestone of outbound, picked_up, out_for_delivery, signed
SELECT
  dt,
  fulfillment_id,
  CAST(NULL AS BIGINT) AS order_id,
  CAST(NULL AS BIGINT) AS merchant_id,
  CAST(NULL AS STRING) AS merchant_name,
  CAST(NULL AS STRING) AS merchant_category,
  CAST(NULL AS STRING) AS buyer_name,
  CAST(NULL AS INT) AS region_id,
  CAST(NULL AS STRING) AS region_name,
  CAST(NULL AS STRING) AS currency,
  CAST(NULL AS DECIMAL(12, 2)) AS goods_amount,
  CAST(NULL AS STRING) AS payment_method,
  CAST(NULL AS DECIMAL(12, 2)) AS paid_amount,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS ordered_at,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS paid_at,
  CAST(NULL AS BIGINT) AS order_version,
  CAST(NULL AS STRING) AS business_line,
  CAST(NULL AS STRING) AS direction,
  CAST(NULL AS INT) AS warehouse_id,
  CAST(NULL AS STRING) AS warehouse_name,
  CAST(NULL AS INT) AS carrier_id,
  CAST(NULL AS STRING) AS carrier_name,
  CAST(NULL AS STRING) AS status,
  CAST(NULL AS INT) AS weight_grams,
  CAST(NULL AS DECIMAL(12, 2)) AS parcel_amount,
  CAST(NULL AS DECIMAL(10, 2)) AS freight_amount,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS accepted_at,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS cancelled_at,
  CAST(NULL AS STRING) AS cancel_reason,
  CAST(NULL AS BIGINT) AS fulfillment_version,
  IF(event_type = 'outbound', milestone_at, CAST(NULL AS TIMESTAMP_LTZ(6))) AS outbound_at,
  IF(event_type = 'outbound', station, CAST(NULL AS STRING)) AS outbound_station,
  IF(event_type = 'outbound', milestone_version, CAST(NULL AS BIGINT)) AS outbound_version,
  IF(event_type = 'picked_up', milestone_at, CAST(NULL AS TIMESTAMP_LTZ(6))) AS picked_up_at,
  IF(event_type = 'picked_up', station, CAST(NULL AS STRING)) AS picked_up_station,
  IF(event_type = 'picked_up', milestone_version, CAST(NULL AS BIGINT)) AS picked_up_version,
  CAST(NULL AS STRING) AS customs_status,
  CAST(NULL AS DECIMAL(10, 2)) AS duty_amount,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS declared_at,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS customs_cleared_at,
  CAST(NULL AS BIGINT) AS customs_version,
  IF(event_type = 'out_for_delivery', milestone_at, CAST(NULL AS TIMESTAMP_LTZ(6))) AS out_for_delivery_at,
  IF(event_type = 'out_for_delivery', station, CAST(NULL AS STRING)) AS out_for_delivery_station,
  IF(event_type = 'out_for_delivery', milestone_version, CAST(NULL AS BIGINT)) AS out_for_delivery_version,
  IF(event_type = 'signed', milestone_at, CAST(NULL AS TIMESTAMP_LTZ(6))) AS signed_at,
  IF(event_type = 'signed', station, CAST(NULL AS STRING)) AS signed_station,
  IF(event_type = 'signed', milestone_version, CAST(NULL AS BIGINT)) AS signed_version,
  CAST(NULL AS BOOLEAN) AS is_deleted,
  CAST(NULL AS BIGINT) AS is_deleted_version
FROM milestone_scan

UNION ALL
-- customs
SELECT
  dt,
  fulfillment_id,
  CAST(NULL AS BIGINT) AS order_id,
  CAST(NULL AS BIGINT) AS merchant_id,
  CAST(NULL AS STRING) AS merchant_name,
  CAST(NULL AS STRING) AS merchant_category,
  CAST(NULL AS STRING) AS buyer_name,
  CAST(NULL AS INT) AS region_id,
  CAST(NULL AS STRING) AS region_name,
  CAST(NULL AS STRING) AS currency,
  CAST(NULL AS DECIMAL(12, 2)) AS goods_amount,
  CAST(NULL AS STRING) AS payment_method,
  CAST(NULL AS DECIMAL(12, 2)) AS paid_amount,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS ordered_at,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS paid_at,
  CAST(NULL AS BIGINT) AS order_version,
  CAST(NULL AS STRING) AS business_line,
  CAST(NULL AS STRING) AS direction,
  CAST(NULL AS INT) AS warehouse_id,
  CAST(NULL AS STRING) AS warehouse_name,
  CAST(NULL AS INT) AS carrier_id,
  CAST(NULL AS STRING) AS carrier_name,
  CAST(NULL AS STRING) AS status,
  CAST(NULL AS INT) AS weight_grams,
  CAST(NULL AS DECIMAL(12, 2)) AS parcel_amount,
  CAST(NULL AS DECIMAL(10, 2)) AS freight_amount,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS accepted_at,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS cancelled_at,
  CAST(NULL AS STRING) AS cancel_reason,
  CAST(NULL AS BIGINT) AS fulfillment_version,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS outbound_at,
  CAST(NULL AS STRING) AS outbound_station,
  CAST(NULL AS BIGINT) AS outbound_version,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS picked_up_at,
  CAST(NULL AS STRING) AS picked_up_station,
  CAST(NULL AS BIGINT) AS picked_up_version,
  customs_status,
  duty_amount,
  declared_at,
  cleared_at AS customs_cleared_at,
  row_version AS customs_version,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS out_for_delivery_at,
  CAST(NULL AS STRING) AS out_for_delivery_station,
  CAST(NULL AS BIGINT) AS out_for_delivery_version,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS signed_at,
  CAST(NULL AS STRING) AS signed_station,
  CAST(NULL AS BIGINT) AS signed_version,
  CAST(NULL AS BOOLEAN) AS is_deleted,
  CAST(NULL AS BIGINT) AS is_deleted_version
FROM ods_customs_declaration
WHERE fulfillment_id IS NOT NULL;
