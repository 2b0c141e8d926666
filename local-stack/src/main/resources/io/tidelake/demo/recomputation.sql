-- What the aggregated layers must hold, computed anew in batch from ODS alone: with joins and window functions,
-- sharing no text with the pipelines. Each view is named after the table that it is compared with.

-- The latest of the scans that are there; of one time the one with the greatest id.
CREATE TEMPORARY VIEW last_scan AS
SELECT fulfillment_id, event_type, event_time
FROM (
  SELECT
    *,
    ROW_NUMBER() OVER (PARTITION BY fulfillment_id, event_type ORDER BY event_time DESC, event_id DESC) AS recency
  FROM ods_logistics_event
  WHERE NOT is_deleted
)
WHERE recency = 1;

CREATE TEMPORARY VIEW scan_times AS
SELECT
  fulfillment_id,
  MAX(CASE WHEN event_type = 'outbound' THEN event_time END) AS outbound_at,
  MAX(CASE WHEN event_type = 'picked_up' THEN event_time END) AS picked_up_at,
  MAX(CASE WHEN event_type = 'out_for_delivery' THEN event_time END) AS out_for_delivery_at,
  MAX(CASE WHEN event_type = 'signed' THEN event_time END) AS signed_at
FROM last_scan
GROUP BY fulfillment_id;

CREATE TEMPORARY VIEW parcel AS
SELECT
  f.dt,
  f.business_line,
  f.direction,
  COALESCE(f.warehouse_id, 0) AS warehouse_id,
  COALESCE(f.carrier_id, 0) AS carrier_id,
  COALESCE(o.region_id, 0) AS region_id,
  f.parcel_amount,
  f.freight_amount,
  f.cancelled_at,
  o.created_at AS ordered_at,
  o.paid_at,
  s.outbound_at,
  s.picked_up_at,
  s.out_for_delivery_at,
  s.signed_at,
  CASE WHEN f.cancelled_at IS NULL THEN 1 ELSE 0 END AS is_valid
FROM ods_fulfillment_order AS f
LEFT JOIN ods_trade_order AS o ON o.dt = f.dt AND o.order_id = f.order_id AND NOT o.is_deleted
LEFT JOIN scan_times AS s ON s.fulfillment_id = f.fulfillment_id
WHERE NOT f.is_deleted;

CREATE TEMPORARY VIEW expected_dws_fulfillment_day AS
SELECT
  dt,
  business_line,
  direction,
  warehouse_id,
  carrier_id,
  region_id,
  CAST(SUM(1) AS BIGINT) AS created_count,
  CAST(SUM(is_valid) AS BIGINT) AS valid_count,
  CAST(SUM(1 - is_valid) AS BIGINT) AS cancelled_count,
  CAST(SUM(CASE WHEN outbound_at IS NOT NULL THEN is_valid ELSE 0 END) AS BIGINT) AS outbound_count,
  CAST(SUM(CASE WHEN picked_up_at IS NOT NULL THEN is_valid ELSE 0 END) AS BIGINT) AS picked_up_count,
  CAST(SUM(CASE WHEN signed_at IS NOT NULL THEN is_valid ELSE 0 END) AS BIGINT) AS signed_count,
  CAST(SUM(parcel_amount * is_valid) AS DECIMAL(18, 2)) AS parcel_amount,
  CAST(SUM(COALESCE(freight_amount, CAST(0 AS DECIMAL(10, 2))) * is_valid) AS DECIMAL(18, 2)) AS freight_amount
FROM parcel
GROUP BY dt, business_line, direction, warehouse_id, carrier_id, region_id;

CREATE TEMPORARY VIEW expected_dws_carrier_hour AS
SELECT
  SUBSTRING(CAST(picked_up_at AS STRING) FROM 1 FOR 10) AS dt,
  CAST(SUBSTRING(CAST(picked_up_at AS STRING) FROM 12 FOR 2) AS INT) AS stat_hour,
  business_line,
  carrier_id,
  CAST(SUM(1) AS BIGINT) AS picked_up_count,
  CAST(SUM(CASE WHEN out_for_delivery_at IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS out_for_delivery_count,
  CAST(SUM(CASE WHEN signed_at IS NOT NULL THEN 1 ELSE 0 END) AS BIGINT) AS signed_count,
  CAST(COALESCE(SUM(TIMESTAMPDIFF(MINUTE, picked_up_at, signed_at)), 0) AS BIGINT) AS transit_minutes
FROM parcel
WHERE picked_up_at IS NOT NULL AND is_valid = 1
GROUP BY
  SUBSTRING(CAST(picked_up_at AS STRING) FROM 1 FOR 10),
  CAST(SUBSTRING(CAST(picked_up_at AS STRING) FROM 12 FOR 2) AS INT),
  business_line,
  carrier_id;

CREATE TEMPORARY VIEW expected_ads_overview AS
SELECT
  dt,
  business_line,
  CAST(SUM(1) AS BIGINT) AS created_count,
  CAST(SUM(is_valid) AS BIGINT) AS valid_count,
  CAST(SUM(1 - is_valid) AS BIGINT) AS cancelled_count,
  CAST(SUM(CASE WHEN outbound_at IS NOT NULL THEN is_valid ELSE 0 END) AS BIGINT) AS outbound_count,
  CAST(SUM(CASE WHEN picked_up_at IS NOT NULL THEN is_valid ELSE 0 END) AS BIGINT) AS picked_up_count,
  CAST(SUM(CASE WHEN signed_at IS NOT NULL THEN is_valid ELSE 0 END) AS BIGINT) AS signed_count,
  CAST(SUM(parcel_amount * is_valid) AS DECIMAL(18, 2)) AS parcel_amount,
  CAST(SUM(COALESCE(freight_amount, CAST(0 AS DECIMAL(10, 2))) * is_valid) AS DECIMAL(18, 2)) AS freight_amount
FROM parcel
GROUP BY dt, business_line;

CREATE TEMPORARY VIEW reached AS
SELECT 'created' AS milestone, ordered_at AS reached_at, business_line FROM parcel
UNION ALL SELECT 'paid', paid_at, business_line FROM parcel
UNION ALL SELECT 'outbound', outbound_at, business_line FROM parcel
UNION ALL SELECT 'signed', signed_at, business_line FROM parcel
UNION ALL SELECT 'cancelled', cancelled_at, business_line FROM parcel;

CREATE TEMPORARY VIEW expected_ads_trend_minute AS
SELECT
  SUBSTRING(CAST(reached_at AS STRING) FROM 1 FOR 10) AS dt,
  SUBSTRING(CAST(reached_at AS STRING) FROM 12 FOR 5) AS stat_minute,
  business_line,
  CAST(SUM(CASE milestone WHEN 'created' THEN 1 ELSE 0 END) AS BIGINT) AS created_count,
  CAST(SUM(CASE milestone WHEN 'paid' THEN 1 ELSE 0 END) AS BIGINT) AS paid_count,
  CAST(SUM(CASE milestone WHEN 'outbound' THEN 1 ELSE 0 END) AS BIGINT) AS outbound_count,
  CAST(SUM(CASE milestone WHEN 'signed' THEN 1 ELSE 0 END) AS BIGINT) AS signed_count,
  CAST(SUM(CASE milestone WHEN 'cancelled' THEN 1 ELSE 0 END) AS BIGINT) AS cancelled_count
FROM reached
WHERE reached_at IS NOT NULL
GROUP BY
  SUBSTRING(CAST(reached_at AS STRING) FROM 1 FOR 10),
  SUBSTRING(CAST(reached_at AS STRING) FROM 12 FOR 5),
  business_line;
