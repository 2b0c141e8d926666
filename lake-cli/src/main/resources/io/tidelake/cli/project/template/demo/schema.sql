-- The tables of the source, as MariaDB or MySQL has them.
CREATE TABLE IF NOT EXISTS room (
  hotel CHAR(3) NOT NULL,
  room_no SMALLINT UNSIGNED NOT NULL,
  `order` INT NOT NULL COMMENT 'Place in the list of the hotel',
  kind VARCHAR(20) NOT NULL COMMENT 'single, double or suite',
  price DECIMAL(8, 2) NOT NULL COMMENT 'Of one night',
  PRIMARY KEY (hotel, room_no)
);

CREATE TABLE IF NOT EXISTS booking (
  booking_id BIGINT PRIMARY KEY,
  hotel CHAR(3) NOT NULL,
  room_no SMALLINT UNSIGNED NOT NULL,
  first_night DATE NOT NULL,
  nights INT NOT NULL,
  guest VARCHAR(60),
  status VARCHAR(10) NOT NULL COMMENT 'booked, stayed or cancelled',
  booked_at DATETIME(6) NOT NULL
);

-- The heartbeat of the database: it says how late the lake is.
CREATE TABLE IF NOT EXISTS lake_clock (
  clock_id INT PRIMARY KEY,
  source_now TIMESTAMP(6) NOT NULL,
  beat_at TIMESTAMP(6) NOT NULL
);

CREATE EVENT IF NOT EXISTS lake_clock ON SCHEDULE EVERY 2 SECOND DO
INSERT INTO lake_clock (clock_id, source_now, beat_at) VALUES (1, NOW(6), NOW(6))
ON DUPLICATE KEY UPDATE source_now = VALUES(source_now), beat_at = VALUES(beat_at);
