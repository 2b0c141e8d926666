-- Milestones per minute, out of the wide fact: each fulfillment order counts in the minute of each milestone.
-- The stream maintains open days only, by the day of the milestone.
INSERT INTO ads_trend_minute
SELECT
  DATE_FORMAT(reached_at, 'yyyy-MM-dd') AS dt,
  DATE_FORMAT(reached_at, 'HH:mm') AS stat_minute,
  business_line,
  COUNT(*) FILTER (WHERE milestone = 'created') AS created_count,
  COUNT(*) FILTER (WHERE milestone = 'paid') AS paid_count,
  COUNT(*) FILTER (WHERE milestone = 'outbound') AS outbound_count,
  COUNT(*) FILTER (WHERE milestone = 'signed') AS signed_count,
  COUNT(*) FILTER (WHERE milestone = 'cancelled') AS cancelled_count
FROM dwd_fulfillment_wide
CROSS JOIN UNNEST(ARRAY[
  ROW('created', ordered_at),
  ROW('paid', paid_at),
  ROW('outbound', outbound_at),
  ROW('signed', signed_at),
  ROW('cancelled', cancelled_at)
]) AS reached (milestone, reached_at)
WHERE business_line IS NOT NULL AND NOT is_deleted AND reached_at IS NOT NULL
  AND IS_OPEN_DAY(DATE_FORMAT(reached_at, 'yyyy-MM-dd'))
GROUP BY DATE_FORMAT(reached_at, 'yyyy-MM-dd'), DATE_FORMAT(reached_at, 'HH:mm'), business_line;
