-- ODS scans into cleaned scans. One without a time is none.
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
  IF(
    TIMESTAMPDIFF(DAY, event_time, received_at) BETWEEN -20000 AND 20000,
    TIMESTAMPDIFF(SECOND, event_time, received_at),
    CAST(NULL AS INT)
  ) AS report_delay_seconds,
  is_deleted OR event_time IS NULL AS is_deleted,
  row_version
FROM ods_logistics_event
WHERE event_type IN ('outbound', 'picked_up', 'in_transit', 'out_for_delivery', 'signed');
