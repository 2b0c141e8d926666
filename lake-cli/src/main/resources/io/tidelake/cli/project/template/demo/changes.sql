-- What happens at the source while `lake demo` follows: new rows, corrections, moves, cancellations, deletes.
REPLACE INTO room (hotel, room_no, `order`, kind, price)
SELECT h.hotel, 100 + r.seq, r.seq, ELT(1 + r.seq MOD 3, 'single', 'double', 'suite'), 80 + 15 * (r.seq MOD 3)
FROM (SELECT 'ROM' AS hotel UNION SELECT 'OSL' UNION SELECT 'LIS') AS h, seq_1_to_40 AS r;

REPLACE INTO booking (booking_id, hotel, room_no, first_night, nights, guest, status, booked_at)
SELECT seq, ELT(1 + seq MOD 3, 'ROM', 'OSL', 'LIS'), 101 + seq MOD 40, DATE '2026-03-01' + INTERVAL seq MOD 92 DAY,
  1 + seq MOD 5, CONCAT('Guest ', seq), 'booked', TIMESTAMP '2026-02-01 08:00:00' + INTERVAL seq MINUTE
FROM seq_1_to_3000;

UPDATE booking SET status = 'stayed' WHERE booking_id MOD 4 = 0;
UPDATE booking SET status = 'cancelled' WHERE booking_id MOD 7 = 0;
UPDATE booking SET hotel = 'ROM', room_no = 101 WHERE booking_id MOD 11 = 0;
UPDATE booking SET first_night = first_night + INTERVAL 1 MONTH WHERE booking_id MOD 13 = 0;
UPDATE room SET price = price * 1.1 WHERE hotel = 'OSL';
UPDATE booking SET booking_id = booking_id + 100000 WHERE booking_id MOD 17 = 0;
DELETE FROM booking WHERE booking_id MOD 19 = 0;
UPDATE booking SET guest = NULL WHERE booking_id MOD 23 = 0;
