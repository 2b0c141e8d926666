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

-- An order that was deleted, or lists the parcel no more, has no time.
CREATE TEMPORARY VIEW order_of_parcel AS
SELECT *, PROCTIME() AS proctime
FROM (
  SELECT dt, fulfillment_id, LATEST_ITEM(order_id, row_version, listed_at, listed) AS o
  FROM (
    SELECT
      dt, fulfillment_id, order_id, row_version,
      CASE WHEN is_deleted THEN NULL ELSE COALESCE(created_at, TO_TIMESTAMP_LTZ(0, 3)) END AS listed_at,
      CAST(ROW(
        merchant_id, buyer_name, region_id, currency, goods_amount, payment_method, paid_amount, created_at, paid_at, order_id)
        AS ROW<merchant_id BIGINT, buyer_name STRING, region_id INT, currency STRING, goods_amount DECIMAL(12, 2), payment_method STRING,
        paid_amount DECIMAL(12, 2), ordered_at TIMESTAMP_LTZ(6), paid_at TIMESTAMP_LTZ(6), order_id BIGINT>) AS listed
    FROM listed_parcel WHERE fulfillment_id IS NOT NULL AND IS_OPEN_DAY(dt)
    UNION ALL
    SELECT
      dt, fulfillment_id, order_id, row_version, CAST(NULL AS TIMESTAMP_LTZ(6)), CAST(NULL
        AS ROW<merchant_id BIGINT, buyer_name STRING, region_id INT, currency STRING, goods_amount DECIMAL(12, 2), payment_method STRING,
        paid_amount DECIMAL(12, 2), ordered_at TIMESTAMP_LTZ(6), paid_at TIMESTAMP_LTZ(6), order_id BIGINT>)
    FROM ods_withdrawn_parcel WHERE IS_OPEN_DAY(dt)
  ) GROUP BY dt, fulfillment_id
);

CREATE TEMPORARY VIEW assigned_fulfillment AS
SELECT *, PROCTIME() AS proctime FROM ods_fulfillment_order WHERE IS_OPEN_DAY(dt);

CREATE TEMPORARY VIEW milestones AS
SELECT
  dt, fulfillment_id,
  LATEST_ITEM(event_id, row_version, reached_at, scan) FILTER (WHERE event_type = 'outbound') AS outbound,
  LATEST_ITEM(event_id, row_version, reached_at, scan) FILTER (WHERE event_type = 'picked_up') AS picked_up,
  LATEST_ITEM(event_id, row_version, reached_at, scan) FILTER (WHERE event_type = 'out_for_delivery') AS out_for_delivery,
  LATEST_ITEM(event_id, row_version, reached_at, scan) FILTER (WHERE event_type = 'signed') AS signed
FROM (
  SELECT
    dt, fulfillment_id, event_type, event_id, row_version,
    CASE WHEN is_deleted THEN NULL ELSE event_time END AS reached_at,
    CAST(ROW(event_time, NULLIF(TRIM(station), '')) AS ROW<reached_at TIMESTAMP_LTZ(6), station STRING>) AS scan
  FROM ods_logistics_event
  WHERE event_type IN ('outbound', 'picked_up', 'out_for_delivery', 'signed') AND IS_OPEN_DAY(dt)
) GROUP BY dt, fulfillment_id;

CREATE TEMPORARY VIEW customs AS
SELECT
  dt, fulfillment_id,
  LATEST_ITEM(
    declaration_id, row_version, CASE WHEN is_deleted THEN NULL ELSE COALESCE(declared_at, TO_TIMESTAMP_LTZ(0, 3)) END,
    CAST(ROW(customs_status, duty_amount, declared_at, cleared_at)
      AS ROW<customs_status STRING, duty_amount DECIMAL(10, 2), declared_at TIMESTAMP_LTZ(6), cleared_at TIMESTAMP_LTZ(6)>)) AS d
FROM ods_customs_declaration WHERE IS_OPEN_DAY(dt)
GROUP BY dt, fulfillment_id;

INSERT INTO dwd_fulfillment_wide (
  dt, fulfillment_id, order_id, merchant_id, merchant_name, merchant_category, buyer_name, region_id, region_name, currency,
  goods_amount, payment_method, paid_amount, ordered_at, paid_at, order_version)
SELECT
  o.dt, o.fulfillment_id, o.o.item.order_id, o.o.item.merchant_id, m.merchant_name, m.category, o.o.item.buyer_name,
  o.o.item.region_id, r.region_name, o.o.item.currency, o.o.item.goods_amount, o.o.item.payment_method,
  o.o.item.paid_amount, o.o.item.ordered_at, o.o.item.paid_at, o.o.version
FROM order_of_parcel AS o
LEFT JOIN dim_merchant FOR SYSTEM_TIME AS OF o.proctime AS m ON m.merchant_id = o.o.item.merchant_id
LEFT JOIN dim_region FOR SYSTEM_TIME AS OF o.proctime AS r ON r.region_id = o.o.item.region_id;

INSERT INTO dwd_fulfillment_wide (
  dt, fulfillment_id, business_line, direction, warehouse_id, warehouse_name, carrier_id, carrier_name, status, weight_grams,
  parcel_amount, freight_amount, accepted_at, cancelled_at, cancel_reason, fulfillment_version, is_deleted, is_deleted_version)
SELECT
  f.dt, f.fulfillment_id, f.business_line, f.direction, f.warehouse_id, w.warehouse_name, f.carrier_id, c.carrier_name, f.status,
  f.weight_grams, f.parcel_amount, f.freight_amount, f.accepted_at, f.cancelled_at, f.cancel_reason, f.row_version,
  f.is_deleted, f.row_version
FROM assigned_fulfillment AS f
LEFT JOIN dim_warehouse FOR SYSTEM_TIME AS OF f.proctime AS w ON w.warehouse_id = f.warehouse_id
LEFT JOIN dim_carrier FOR SYSTEM_TIME AS OF f.proctime AS c ON c.carrier_id = f.carrier_id;

-- A milestone without scans has no version, and touches nothing.
INSERT INTO dwd_fulfillment_wide (
  dt, fulfillment_id, outbound_at, outbound_station, outbound_version, picked_up_at, picked_up_station, picked_up_version,
  out_for_delivery_at, out_for_delivery_station, out_for_delivery_version, signed_at, signed_station, signed_version)
SELECT
  s.dt, s.fulfillment_id, s.outbound.item.reached_at, s.outbound.item.station, s.outbound.version,
  s.picked_up.item.reached_at, s.picked_up.item.station, s.picked_up.version, s.out_for_delivery.item.reached_at,
  s.out_for_delivery.item.station, s.out_for_delivery.version, s.signed.item.reached_at, s.signed.item.station, s.signed.version
FROM milestones AS s;

INSERT INTO dwd_fulfillment_wide (
  dt, fulfillment_id, customs_status, duty_amount, declared_at, customs_cleared_at, customs_version)
SELECT
  dt, fulfillment_id, customs.d.item.customs_status, customs.d.item.duty_amount, customs.d.item.declared_at,
  customs.d.item.cleared_at, customs.d.version
FROM customs;

INSERT INTO ops_dead_letter
SELECT
  'dwd_fulfillment_wide', 'ods_trade_order', CONCAT(dt, '/', CAST(order_id AS STRING)),
  CONCAT('no number of a parcel in fulfillment_ids: ''', item, ''''), fulfillment_ids, row_version, VERSION_TIME(row_version)
FROM listed_parcel WHERE fulfillment_id IS NULL AND NOT is_deleted;
