-- Nights and worth of bookings, by hotel and month.
INSERT INTO dws_hotel_month
SELECT hotel, stay_month, COUNT(*) AS bookings, SUM(CAST(nights AS BIGINT)) AS nights, SUM(amount) AS amount
FROM dwd_booking
GROUP BY hotel, stay_month;
