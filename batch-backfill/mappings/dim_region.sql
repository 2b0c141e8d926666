-- Offline snapshot of the source table region into the dimension table.
SELECT
  region_id,
  region_name,
  country_code,
  updated_at,
  is_deleted,
  CAST(${version} AS BIGINT) AS row_version,
  source_file
FROM snapshot;
