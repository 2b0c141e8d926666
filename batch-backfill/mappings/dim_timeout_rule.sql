-- Offline snapshot of the source table timeout_rule into the dimension table.
SELECT
  rule_id,
  business_line,
  from_milestone,
  to_milestone,
  limit_minutes,
  updated_at,
  is_deleted,
  CAST(${version} AS BIGINT) AS row_version,
  source_file
FROM snapshot;
