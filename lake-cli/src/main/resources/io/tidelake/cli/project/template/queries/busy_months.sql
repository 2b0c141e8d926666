-- Question: Which months are busy?
-- Tables: dws_hotel_month
-- Columns: stay_month, bookings, nights, amount
-- Rows: one per month that has a booking, the busiest first
SELECT stay_month, SUM(bookings) AS bookings, SUM(nights) AS nights, SUM(amount) AS amount
FROM dws_hotel_month
GROUP BY stay_month
ORDER BY nights DESC, stay_month;
