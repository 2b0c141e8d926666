-- Offline snapshot of the source table logistics_event, by day of order creation, into the ODS table.
SELECT
  dt,
  event_id,
  fulfillment_id,
  event_type,
  event_time,
  station,
  device_no,
  received_at,
  updated_at,
  is_deleted,
  CAST(${version} AS BIGINT) AS row_version,
  source_file
FROM snapshot;
