-- ODS scans into cleaned scans.
INSERT INTO dwd_logistics_event
SELECT
  dt,
  event_id,
  fulfillment_id,
  event_type,
  event_time,
  NULLIF(TRIM(station), '') AS station,
  device_no,
  received_at,
  TIMESTAMPDIFF(SECOND, event_time, received_at) AS report_delay_seconds,
  is_deleted,
  row_version
FROM ods_logistics_event
WHERE event_time IS NOT NULL
  AND fulfillment_id IS NOT NULL
  AND event_type IN ('outbound', 'picked_up', 'in_transit', 'out_for_delivery', 'signed');
