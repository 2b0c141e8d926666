-- Question: Which carriers keep the times that were promised for their level of service?
-- Tables: dws_carrier_hour, dim_carrier_clean, memory.default.service_target
-- Columns: carrier_id, carrier_name, service_level, transit_minutes, target_minutes, verdict
-- Rows: one per carrier of whose parcels one was signed for, by its number
-- Parameter: express = 1440, promised minutes from pick-up to signature
-- Parameter: standard = 1800, the same for this level
-- Parameter: economy = 2400, the same for this level
--
-- The targets lie in another catalog of Trino, here the one in memory, which is empty after a restart; the catalog of a
-- database with such a table is used in the same way.
DROP TABLE IF EXISTS memory.default.service_target;

CREATE TABLE memory.default.service_target AS
SELECT service_level, target_minutes
FROM (
  VALUES ('express', ${express}), ('standard', ${standard}), ('economy', ${economy})
) AS target (service_level, target_minutes);

SELECT
  h.carrier_id,
  c.carrier_name,
  c.service_level,
  h.transit_minutes,
  t.target_minutes,
  CASE WHEN h.transit_minutes <= t.target_minutes THEN 'kept' ELSE 'missed' END AS verdict
FROM (
  SELECT carrier_id, SUM(transit_minutes) / SUM(signed_count) AS transit_minutes
  FROM dws_carrier_hour
  WHERE signed_count > 0
  GROUP BY carrier_id
) AS h
JOIN dim_carrier_clean AS c ON c.carrier_id = h.carrier_id
JOIN memory.default.service_target AS t ON t.service_level = c.service_level
ORDER BY h.carrier_id;
