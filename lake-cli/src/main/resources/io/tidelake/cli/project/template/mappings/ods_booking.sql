-- Offline snapshot of the source table booking into the ODS table.
SELECT
  booking_id,
  hotel,
  room_no,
  first_night,
  nights,
  guest,
  status,
  booked_at,
  is_deleted,
  CAST(${version} AS BIGINT) AS row_version,
  source_file
FROM snapshot;
