-- Change capture of the dimension tables: the change log of the source database into the DIM layer.
-- The later of two changes in the log wins, whatever the rows say. A delete keeps the last values of the row and
-- sets is_deleted.

INSERT INTO dim_merchant
SELECT
  merchant_id,
  merchant_name,
  category,
  region_id,
  updated_at,
  op = 'd' AS is_deleted,
  row_version,
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
  row_version,
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
  row_version,
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
  row_version,
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
  row_version,
  log_position
FROM source_timeout_rule
WHERE error IS NULL;

INSERT INTO ops_dead_letter
SELECT 'dim_merchant', topic, place, error, payload, row_version, logged_at FROM source_merchant WHERE error IS NOT NULL
UNION ALL
SELECT 'dim_warehouse', topic, place, error, payload, row_version, logged_at FROM source_warehouse WHERE error IS NOT NULL
UNION ALL
SELECT 'dim_carrier', topic, place, error, payload, row_version, logged_at FROM source_carrier WHERE error IS NOT NULL
UNION ALL
SELECT 'dim_region', topic, place, error, payload, row_version, logged_at FROM source_region WHERE error IS NOT NULL
UNION ALL
SELECT 'dim_timeout_rule', topic, place, error, payload, row_version, logged_at FROM source_timeout_rule WHERE error IS NOT NULL;
