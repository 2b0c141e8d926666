-- Bookings that hold a room. A change of the room changes its bookings, whichever came first.
INSERT INTO dwd_booking
SELECT
  b.booking_id,
  b.hotel,
  b.room_no,
  r.kind,
  SUBSTRING(b.first_night FROM 1 FOR 7) AS stay_month,
  b.nights,
  CAST(b.nights * r.price AS DECIMAL(18, 2)) AS amount
FROM (SELECT * FROM ods_booking WHERE NOT is_deleted AND status <> 'cancelled') AS b
LEFT JOIN (SELECT * FROM ods_room WHERE NOT is_deleted) AS r ON r.hotel = b.hotel AND r.room_no = b.room_no;
