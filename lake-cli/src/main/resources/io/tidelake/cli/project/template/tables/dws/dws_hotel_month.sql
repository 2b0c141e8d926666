-- Nights and worth of bookings.
-- Grain: one row per hotel and month that has a booking. Freshness: under 15 seconds.
CREATE TABLE dws_hotel_month (
  hotel STRING NOT NULL COMMENT 'Hotel',
  stay_month STRING NOT NULL COMMENT 'Month of the first night, yyyy-MM',
  bookings BIGINT NOT NULL COMMENT 'Bookings that hold a room',
  nights BIGINT NOT NULL COMMENT 'Their nights',
  amount DECIMAL(38, 2) COMMENT 'What they are worth',
  PRIMARY KEY (hotel, stay_month) NOT ENFORCED
) COMMENT 'Nights and worth of bookings'
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate'
);
