-- Change capture of the dimension tables: the change log of the source database into the DIM layer.
-- A delete keeps the last values of the row and sets is_deleted; it orders after the update it follows.

INSERT INTO dim_merchant
SELECT
  merchant_id,
  merchant_name,
  category,
  region_id,
  updated_at,
  op = 'd' AS is_deleted,
  REALTIME_VERSION(updated_at, IF(op = 'd', 1, 0)) AS row_version,
  log_position
FROM source_merchant
WHERE error IS NULL;

INSERT INTO dim_warehouse
SELECT
  warehouse_id,
  warehouse_name,
  warehouse_type,
  region_id,
  updated_at,
  op = 'd' AS is_deleted,
  REALTIME_VERSION(updated_at, IF(op = 'd', 1, 0)) AS row_version,
  log_position
FROM source_warehouse
WHERE error IS NULL;

INSERT INTO dim_carrier
SELECT
  carrier_id,
  carrier_name,
  service_level,
  updated_at,
  op = 'd' AS is_deleted,
  REALTIME_VERSION(updated_at, IF(op = 'd', 1, 0)) AS row_version,
  log_position
FROM source_carrier
WHERE error IS NULL;

INSERT INTO dim_region
SELECT
  region_id,
  region_name,
  country_code,
  updated_at,
  op = 'd' AS is_deleted,
  REALTIME_VERSION(updated_at, IF(op = 'd', 1, 0)) AS row_version,
  log_position
FROM source_region
WHERE error IS NULL;

INSERT INTO dim_timeout_rule
SELECT
  rule_id,
  business_line,
  from_milestone,
  to_milestone,
  limit_minutes,
  updated_at,
  op = 'd' AS is_deleted,
  REALTIME_VERSION(updated_at, IF(op = 'd', 1, 0)) AS row_version,
  log_position
FROM source_timeout_rule
WHERE error IS NULL;

INSERT INTO ops_dead_letter
SELECT topic, log_partition, log_position, error, payload, logged_at FROM source_merchant WHERE error IS NOT NULL
UNION ALL
SELECT topic, log_partition, log_position, error, payload, logged_at FROM source_warehouse WHERE error IS NOT NULL
UNION ALL
SELECT topic, log_partition, log_position, error, payload, logged_at FROM source_carrier WHERE error IS NOT NULL
UNION ALL
SELECT topic, log_partition, log_position, error, payload, logged_at FROM source_region WHERE error IS NOT NULL
UNION ALL
SELECT topic, log_partition, log_position, error, payload, logged_at FROM source_timeout_rule WHERE error IS NOT NULL;
