-- Rooms of the hotels.
-- Grain: one row per room. Freshness: seconds after the commit at the source.
CREATE TABLE ods_room (
  hotel STRING NOT NULL COMMENT 'Hotel',
  room_no INT NOT NULL COMMENT 'Number in the hotel',
  `order` INT COMMENT 'Place in the list of the hotel',
  kind STRING COMMENT 'single, double or suite',
  price DECIMAL(8, 2) COMMENT 'Of one night',
  is_deleted BOOLEAN NOT NULL COMMENT 'True when the source deleted the row; the other columns keep its last values',
  row_version BIGINT NOT NULL COMMENT 'Version of the row, see the merge law',
  log_position BIGINT COMMENT 'Order of the changes of one row among equal versions: the offset in the change log',
  PRIMARY KEY (hotel, room_no) NOT ENFORCED
) COMMENT 'Rooms of the hotels'
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'sequence.field' = 'row_version,log_position',
  'changelog-producer' = 'lookup'
);
