-- Bookings that hold a room. A change of the room changes its bookings, whichever came first.
INSERT INTO dwd_booking
SELECT booking_id, hotel, room_no, kind, stay_month, nights, amount
FROM (
  SELECT
    b.booking_id,
    b.hotel,
    b.room_no,
    r.kind,
    SUBSTRING(b.first_night FROM 1 FOR 7) AS stay_month,
    b.nights,
    CAST(b.nights * r.price AS DECIMAL(18, 2)) AS amount,
    -- A booking that moves leaves its old room and comes to the new one in any order: the newest row of each counts.
    ROW_NUMBER() OVER (PARTITION BY b.booking_id ORDER BY b.row_version DESC) AS newest
  FROM (SELECT * FROM ods_booking WHERE NOT is_deleted AND status <> 'cancelled') AS b
  LEFT JOIN (SELECT * FROM ods_room WHERE NOT is_deleted) AS r ON r.hotel = b.hotel AND r.room_no = b.room_no
)
WHERE newest = 1;
