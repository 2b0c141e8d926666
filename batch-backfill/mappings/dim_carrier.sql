-- Offline snapshot of the source table carrier into the dimension table.
SELECT
  carrier_id,
  carrier_name,
  service_level,
  updated_at,
  is_deleted,
  CAST(${version} AS BIGINT) AS row_version,
  source_file
FROM snapshot;
