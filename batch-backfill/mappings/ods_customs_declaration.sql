-- Offline snapshot of the source table customs_declaration, by day of order creation, into the ODS table.
SELECT
  dt,
  declaration_id,
  fulfillment_id,
  customs_status,
  duty_amount,
  declared_at,
  cleared_at,
  updated_at,
  is_deleted,
  CAST(${version} AS BIGINT) AS row_version,
  source_file
FROM snapshot;
