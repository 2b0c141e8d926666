-- Bookings as the source has them.
-- Grain: one row per booking. Freshness: seconds after the commit at the source.
CREATE TABLE ods_booking (
  booking_id BIGINT NOT NULL COMMENT 'Booking',
  hotel STRING COMMENT 'Hotel',
  room_no INT COMMENT 'Number of the room in the hotel',
  first_night STRING COMMENT 'First night, yyyy-MM-dd',
  nights INT COMMENT 'How many nights',
  guest STRING COMMENT 'Name of the guest',
  status STRING COMMENT 'booked, stayed or cancelled',
  booked_at TIMESTAMP_LTZ(6) COMMENT 'When it was booked',
  is_deleted BOOLEAN NOT NULL COMMENT 'True when the source deleted the row; the other columns keep its last values',
  row_version BIGINT NOT NULL COMMENT 'Version of the row, see the merge law',
  log_position BIGINT COMMENT 'Order of the changes of one row among equal versions: the offset in the change log',
  PRIMARY KEY (booking_id) NOT ENFORCED
) COMMENT 'Bookings as the source has them'
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'sequence.field' = 'row_version,log_position',
  'changelog-producer' = 'lookup'
);
