-- Offline snapshot of cleaned scans, by day of order creation.
SELECT
  dt,
  event_id,
  fulfillment_id,
  event_type,
  event_time,
  station,
  device_no,
  received_at,
  report_delay_seconds,
  is_deleted,
  CAST(${version} AS BIGINT) AS row_version,
  source_file
FROM snapshot;
