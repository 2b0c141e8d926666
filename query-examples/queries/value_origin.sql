-- Question: Which values came in real time, and which only from an offline snapshot or a correction?
-- Tables: dwd_fulfillment_wide
-- Columns: column_group, origin, parcels
-- Rows: one per column group of the wide fact and origin, in this order; parcels for which the group has no value
--   count nowhere
-- Parameter: first_day = 1970-01-01, the first day of order creation
-- Parameter: last_day = 2199-12-31, the last day of order creation
--
-- The version of a group tells the origin of its values (docs/merge-law.md): snapshots are negative, and of the 1024
-- places in a microsecond the first 768 are real time. In Flink VERSION_ORIGIN says the same.
WITH parcel AS (
  SELECT * FROM dwd_fulfillment_wide WHERE dt BETWEEN '${first_day}' AND '${last_day}'
)
SELECT column_group, origin, COUNT(*) AS parcels
FROM (
  SELECT
    column_group,
    CASE
      WHEN group_version < 0 THEN 'snapshot'
      WHEN MOD(group_version, 1024) < 768 THEN 'real-time'
      ELSE 'correction'
    END AS origin
  FROM (
    SELECT 'order' AS column_group, order_version AS group_version FROM parcel
    UNION ALL
    SELECT 'fulfillment', fulfillment_version FROM parcel
    UNION ALL
    SELECT 'outbound', outbound_version FROM parcel
    UNION ALL
    SELECT 'picked_up', picked_up_version FROM parcel
    UNION ALL
    SELECT 'customs', customs_version FROM parcel
    UNION ALL
    SELECT 'out_for_delivery', out_for_delivery_version FROM parcel
    UNION ALL
    SELECT 'signed', signed_version FROM parcel
    UNION ALL
    SELECT 'is_deleted', is_deleted_version FROM parcel
  ) AS every_group
  WHERE group_version IS NOT NULL
) AS known
GROUP BY column_group, origin
ORDER BY column_group, origin;
