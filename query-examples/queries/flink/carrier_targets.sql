-- Flink: has no catalog of Trino's; the targets are a view of the session.
CREATE TEMPORARY VIEW service_target AS
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
JOIN service_target AS t ON t.service_level = c.service_level
ORDER BY h.carrier_id;
