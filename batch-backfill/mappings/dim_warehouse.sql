-- Offline snapshot of the source table warehouse into the dimension table.
SELECT
  warehouse_id,
  warehouse_name,
  warehouse_type,
  region_id,
  updated_at,
  is_deleted,
  CAST(${version} AS BIGINT) AS row_version,
  source_file
FROM snapshot;
