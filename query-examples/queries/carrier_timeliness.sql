-- Question: How fast and how completely does each carrier deliver what it picked up?
-- Tables: dws_carrier_hour, dim_carrier_clean
-- Columns: carrier_id, carrier_name, service_level, picked_up, signed, signed_percent, transit_minutes
-- Rows: one per carrier that picked up a parcel, the one with most parcels first; signed_percent is rounded down,
--   transit_minutes is the mean from pick-up to signature, NULL while nothing is signed
-- Parameter: first_day = 1970-01-01, the first day of pick-up
-- Parameter: last_day = 2199-12-31, the last day of pick-up
SELECT
  h.carrier_id,
  c.carrier_name,
  c.service_level,
  SUM(h.picked_up_count) AS picked_up,
  SUM(h.signed_count) AS signed,
  100 * SUM(h.signed_count) / SUM(h.picked_up_count) AS signed_percent,
  SUM(h.transit_minutes) / NULLIF(SUM(h.signed_count), 0) AS transit_minutes
FROM dws_carrier_hour AS h
LEFT JOIN dim_carrier_clean AS c ON c.carrier_id = h.carrier_id
WHERE h.dt BETWEEN '${first_day}' AND '${last_day}'
GROUP BY h.carrier_id, c.carrier_name, c.service_level
ORDER BY picked_up DESC, h.carrier_id;
