-- Offline snapshot of the source table merchant into the dimension table.
SELECT
  merchant_id,
  merchant_name,
  category,
  region_id,
  updated_at,
  is_deleted,
  CAST(${version} AS BIGINT) AS row_version,
  source_file
FROM snapshot;
