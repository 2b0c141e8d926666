-- Question: Which warehouses and carriers let milestones come too late, or not at all, most often?
-- Tables: dwd_fulfillment_wide_clean, dim_timeout_rule_clean
-- Columns: milestone, warehouse_name, carrier_name, parcels, late, missing, timeout_percent
-- Rows: one per milestone, warehouse and carrier, most timeouts first; timeout_percent is rounded down
-- Parameter: as_of = 2199-12-31 00:00:00, a milestone is missing if it has not come and its limit was over then, in the
--   business time zone
-- Parameter: top = 20, how many rows
--
-- Parcels that were cancelled do not count, nor milestones whose clock has not started.
SELECT
  milestone,
  warehouse_name,
  carrier_name,
  COUNT(*) AS parcels,
  COUNT(CASE WHEN timeout = 'late' THEN 1 END) AS late,
  COUNT(CASE WHEN timeout = 'missing' THEN 1 END) AS missing,
  100 * COUNT(timeout) / COUNT(*) AS timeout_percent
FROM (
  SELECT
    milestone,
    warehouse_name,
    carrier_name,
    CASE
      WHEN reached_at > due_at THEN 'late'
      WHEN reached_at IS NULL AND due_at < TIMESTAMP '${as_of}' THEN 'missing'
    END AS timeout
  FROM (
    SELECT
      r.to_milestone AS milestone,
      COALESCE(p.warehouse_name, 'none') AS warehouse_name,
      COALESCE(p.carrier_name, 'none') AS carrier_name,
      CASE r.to_milestone
        WHEN 'paid' THEN p.paid_at
        WHEN 'accepted' THEN p.accepted_at
        WHEN 'outbound' THEN p.outbound_at
        WHEN 'picked_up' THEN p.picked_up_at
        WHEN 'customs_cleared' THEN p.customs_cleared_at
        WHEN 'out_for_delivery' THEN p.out_for_delivery_at
        WHEN 'signed' THEN p.signed_at
      END AS reached_at,
      CASE r.from_milestone
        WHEN 'created' THEN p.ordered_at
        WHEN 'paid' THEN p.paid_at
        WHEN 'accepted' THEN p.accepted_at
        WHEN 'outbound' THEN p.outbound_at
        WHEN 'picked_up' THEN p.picked_up_at
        WHEN 'customs_cleared' THEN p.customs_cleared_at
        WHEN 'out_for_delivery' THEN p.out_for_delivery_at
      END + INTERVAL '1' MINUTE * r.limit_minutes AS due_at
    FROM dwd_fulfillment_wide_clean AS p
    JOIN dim_timeout_rule_clean AS r ON r.business_line = p.business_line
    WHERE p.cancelled_at IS NULL
  ) AS step
  WHERE due_at IS NOT NULL
) AS clock
GROUP BY milestone, warehouse_name, carrier_name
ORDER BY COUNT(timeout) DESC, milestone, warehouse_name, carrier_name
LIMIT ${top};
