-- Real-time arrivals into parcels; runs in streaming mode for ever.
INSERT INTO dwd_parcel
SELECT
  parcel_id,
  CASE WHEN sets_order THEN version END AS order_version,
  order_note,
  order_amount,
  CASE WHEN sets_scan THEN version END AS scan_version,
  scan_place,
  scan_count,
  CASE WHEN sets_deletion THEN version END AS deletion_version,
  is_deleted
FROM (
  SELECT *, REALTIME_VERSION(`time`, slot) AS version
  FROM ods_arrival
  WHERE origin = 'real-time'
);
