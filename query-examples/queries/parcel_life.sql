-- Question: What happened to one parcel?
-- Tables: dwd_fulfillment_wide_clean, dwd_logistics_event_clean
-- Columns: happened_at, what, station, known_from
-- Rows: one per milestone of the order system and per scan, by time; a scan may have been reported twice
-- Parameter: parcel, its fulfillment_id
WITH parcel AS (
  SELECT * FROM dwd_fulfillment_wide_clean WHERE fulfillment_id = ${parcel}
)
SELECT happened_at, what, station, known_from
FROM (
  SELECT ordered_at AS happened_at, 'created' AS what, '' AS station, 'order' AS known_from FROM parcel
  UNION ALL
  SELECT paid_at, 'paid', '', 'order' FROM parcel
  UNION ALL
  SELECT accepted_at, 'accepted', COALESCE(warehouse_name, ''), 'order' FROM parcel
  UNION ALL
  SELECT cancelled_at, 'cancelled', '', 'order' FROM parcel
  UNION ALL
  SELECT declared_at, 'declared', '', 'customs' FROM parcel
  UNION ALL
  SELECT customs_cleared_at, 'customs_cleared', '', 'customs' FROM parcel
  UNION ALL
  SELECT event_time, event_type, COALESCE(station, ''), 'scan'
  FROM dwd_logistics_event_clean
  WHERE fulfillment_id = ${parcel}
) AS step
WHERE happened_at IS NOT NULL
ORDER BY happened_at, what, station;
