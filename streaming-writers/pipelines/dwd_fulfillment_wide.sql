-- ODS into the wide fact: each source sets the column groups it knows and leaves the others alone (NULL version).
-- Never a join of streams: parcels live for weeks. Dimension attributes come from lookup joins; what a lookup
-- missed, and what a dimension changed since, is fixed by dimension_repair.sql.
-- Where several rows of a source can set a group (the scans of a milestone, declarations, orders that list a parcel), it
-- shows the latest of those that are there now (LATEST_ITEM), so what is corrected, moved or withdrawn leaves no trace. The
-- stream keeps these few columns of them as its state; all of it can be read again from ODS.
-- The stream maintains open days only, so this state has an end. Records that could not be used are told of all days.

CREATE TEMPORARY VIEW listed_parcel AS
SELECT o.*, TRY_CAST(TRIM(listed.item) AS BIGINT) AS fulfillment_id, listed.item
FROM ods_trade_order AS o
CROSS JOIN UNNEST(SPLIT(o.fulfillment_ids, ',')) AS listed (item)
WHERE o.fulfillment_ids <> '';

CREATE TEMPORARY VIEW order_of_parcel AS
SELECT *, PROCTIME() AS proctime
FROM (
  SELECT dt, fulfillment_id, LATEST_ITEM(order_id, row_version, listed_at, listed) AS o
  FROM (
    SELECT
      dt,
      fulfillment_id,
      order_id,
      row_version,
      IF(is_deleted, CAST(NULL AS TIMESTAMP_LTZ(6)), COALESCE(created_at, TO_TIMESTAMP_LTZ(0, 3))) AS listed_at,
      CAST(
        ROW(merchant_id, buyer_name, region_id, currency, goods_amount, payment_method, paid_amount, created_at, paid_at, order_id)
        AS ROW<merchant_id BIGINT, buyer_name STRING, region_id INT, currency STRING, goods_amount DECIMAL(12, 2),
          payment_method STRING, paid_amount DECIMAL(12, 2), ordered_at TIMESTAMP_LTZ(6), paid_at TIMESTAMP_LTZ(6),
          order_id BIGINT>
      ) AS listed
    FROM listed_parcel
    WHERE fulfillment_id IS NOT NULL AND IS_OPEN_DAY(dt)
    UNION ALL
    SELECT
      dt,
      fulfillment_id,
      order_id,
      row_version,
      CAST(NULL AS TIMESTAMP_LTZ(6)),
      CAST(NULL AS ROW<merchant_id BIGINT, buyer_name STRING, region_id INT, currency STRING, goods_amount DECIMAL(12, 2),
        payment_method STRING, paid_amount DECIMAL(12, 2), ordered_at TIMESTAMP_LTZ(6), paid_at TIMESTAMP_LTZ(6),
        order_id BIGINT>)
    FROM ods_withdrawn_parcel
    WHERE IS_OPEN_DAY(dt)
  )
  GROUP BY dt, fulfillment_id
);

CREATE TEMPORARY VIEW assigned_fulfillment AS
SELECT *, PROCTIME() AS proctime FROM ods_fulfillment_order WHERE IS_OPEN_DAY(dt);

CREATE TEMPORARY VIEW milestones AS
SELECT
  dt,
  fulfillment_id,
  LATEST_ITEM(event_id, row_version, reached_at, scan) FILTER (WHERE event_type = 'outbound') AS outbound,
  LATEST_ITEM(event_id, row_version, reached_at, scan) FILTER (WHERE event_type = 'picked_up') AS picked_up,
  LATEST_ITEM(event_id, row_version, reached_at, scan) FILTER (WHERE event_type = 'out_for_delivery') AS out_for_delivery,
  LATEST_ITEM(event_id, row_version, reached_at, scan) FILTER (WHERE event_type = 'signed') AS signed
FROM (
  SELECT
    dt,
    fulfillment_id,
    event_type,
    event_id,
    row_version,
    IF(is_deleted, CAST(NULL AS TIMESTAMP_LTZ(6)), event_time) AS reached_at,
    CAST(ROW(event_time, NULLIF(TRIM(station), '')) AS ROW<reached_at TIMESTAMP_LTZ(6), station STRING>) AS scan
  FROM ods_logistics_event
  WHERE event_type IN ('outbound', 'picked_up', 'out_for_delivery', 'signed') AND IS_OPEN_DAY(dt)
)
GROUP BY dt, fulfillment_id;

CREATE TEMPORARY VIEW customs AS
SELECT
  dt,
  fulfillment_id,
  LATEST_ITEM(
    declaration_id,
    row_version,
    IF(is_deleted, CAST(NULL AS TIMESTAMP_LTZ(6)), COALESCE(declared_at, TO_TIMESTAMP_LTZ(0, 3))),
    CAST(
      ROW(customs_status, duty_amount, declared_at, cleared_at)
      AS ROW<customs_status STRING, duty_amount DECIMAL(10, 2), declared_at TIMESTAMP_LTZ(6), cleared_at TIMESTAMP_LTZ(6)>
    )
  ) AS d
FROM ods_customs_declaration
WHERE IS_OPEN_DAY(dt)
GROUP BY dt, fulfillment_id;

INSERT INTO dwd_fulfillment_wide
-- order: every parcel of the trade order
SELECT
  o.dt,
  o.fulfillment_id,
  o.o.item.order_id AS order_id,
  o.o.item.merchant_id AS merchant_id,
  m.merchant_name,
  m.category AS merchant_category,
  o.o.item.buyer_name AS buyer_name,
  o.o.item.region_id AS region_id,
  r.region_name,
  o.o.item.currency AS currency,
  o.o.item.goods_amount AS goods_amount,
  o.o.item.payment_method AS payment_method,
  o.o.item.paid_amount AS paid_amount,
  o.o.item.ordered_at AS ordered_at,
  o.o.item.paid_at AS paid_at,
  o.o.version AS order_version,
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
FROM order_of_parcel AS o
LEFT JOIN dim_merchant FOR SYSTEM_TIME AS OF o.proctime AS m ON m.merchant_id = o.o.item.merchant_id
LEFT JOIN dim_region FOR SYSTEM_TIME AS OF o.proctime AS r ON r.region_id = o.o.item.region_id

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
-- milestones outbound, picked_up, out_for_delivery and signed: those that have scans
SELECT
  s.dt,
  s.fulfillment_id,
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
  s.outbound.item.reached_at AS outbound_at,
  s.outbound.item.station AS outbound_station,
  s.outbound.version AS outbound_version,
  s.picked_up.item.reached_at AS picked_up_at,
  s.picked_up.item.station AS picked_up_station,
  s.picked_up.version AS picked_up_version,
  CAST(NULL AS STRING) AS customs_status,
  CAST(NULL AS DECIMAL(10, 2)) AS duty_amount,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS declared_at,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS customs_cleared_at,
  CAST(NULL AS BIGINT) AS customs_version,
  s.out_for_delivery.item.reached_at AS out_for_delivery_at,
  s.out_for_delivery.item.station AS out_for_delivery_station,
  s.out_for_delivery.version AS out_for_delivery_version,
  s.signed.item.reached_at AS signed_at,
  s.signed.item.station AS signed_station,
  s.signed.version AS signed_version,
  CAST(NULL AS BOOLEAN) AS is_deleted,
  CAST(NULL AS BIGINT) AS is_deleted_version
FROM milestones AS s

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
  customs.d.item.customs_status AS customs_status,
  customs.d.item.duty_amount AS duty_amount,
  customs.d.item.declared_at AS declared_at,
  customs.d.item.cleared_at AS customs_cleared_at,
  customs.d.version AS customs_version,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS out_for_delivery_at,
  CAST(NULL AS STRING) AS out_for_delivery_station,
  CAST(NULL AS BIGINT) AS out_for_delivery_version,
  CAST(NULL AS TIMESTAMP_LTZ(6)) AS signed_at,
  CAST(NULL AS STRING) AS signed_station,
  CAST(NULL AS BIGINT) AS signed_version,
  CAST(NULL AS BOOLEAN) AS is_deleted,
  CAST(NULL AS BIGINT) AS is_deleted_version
FROM customs;

INSERT INTO ops_dead_letter
SELECT
  'dwd_fulfillment_wide',
  'ods_trade_order',
  CONCAT(dt, '/', CAST(order_id AS STRING)),
  CONCAT('no number of a parcel in fulfillment_ids: ''', item, ''''),
  fulfillment_ids,
  row_version,
  VERSION_TIME(row_version)
FROM listed_parcel
WHERE fulfillment_id IS NULL AND NOT is_deleted;
