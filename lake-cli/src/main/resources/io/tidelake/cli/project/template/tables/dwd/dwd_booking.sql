-- Bookings that hold a room, with what they are worth.
-- Grain: one row per booking that is neither cancelled nor deleted. Freshness: under 10 seconds.
-- No deletion vectors: rows leave and come back.
CREATE TABLE dwd_booking (
  booking_id BIGINT NOT NULL COMMENT 'Booking',
  hotel STRING COMMENT 'Hotel',
  room_no INT COMMENT 'Number of the room in the hotel',
  kind STRING COMMENT 'Kind of the room as it is now; NULL when the room is not known',
  stay_month STRING COMMENT 'Month of the first night, yyyy-MM',
  nights INT COMMENT 'How many nights',
  amount DECIMAL(18, 2) COMMENT 'Nights times the price of the room as it is now; NULL when the room is not known',
  PRIMARY KEY (booking_id) NOT ENFORCED
) COMMENT 'Bookings that hold a room, with what they are worth'
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'changelog-producer' = 'lookup',
  'deletion-vectors.enabled' = 'false'
);
