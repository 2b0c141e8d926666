-- Change capture: the change log of the source database into the ODS layer.
-- Dates arrive as 2026-03-01Z. The later of two changes in the log wins. A delete keeps the last values of the row and sets is_deleted.

INSERT INTO ods_room
SELECT hotel, room_no, `order`, kind, price, op = 'd' AS is_deleted, row_version, log_position
FROM source_room
WHERE error IS NULL;

INSERT INTO ods_booking
SELECT
  booking_id,
  hotel,
  room_no,
  SUBSTRING(first_night FROM 1 FOR 10) AS first_night,
  nights,
  guest,
  status,
  booked_at,
  op = 'd' AS is_deleted,
  row_version,
  log_position
FROM source_booking
WHERE error IS NULL;

-- What could not be read; `lake dead-letters list` shows it.
INSERT INTO ops_dead_letter
SELECT 'ods_room', topic, place, error, payload, row_version, logged_at FROM source_room WHERE error IS NOT NULL
UNION ALL
SELECT 'ods_booking', topic, place, error, payload, row_version, logged_at FROM source_booking WHERE error IS NOT NULL;
