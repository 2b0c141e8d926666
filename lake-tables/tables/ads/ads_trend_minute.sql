-- Milestones per minute, for the dashboard's curves.
-- Grain: one row per minute and business line in which a milestone of a valid or cancelled fulfillment order fell.
-- Freshness: under 20 seconds after the commit at the source.
CREATE TABLE ads_trend_minute (
  dt STRING NOT NULL COMMENT 'Day of the minute, yyyy-MM-dd, in the business time zone',
  stat_minute STRING NOT NULL COMMENT 'Minute of the milestone, HH:mm, in the business time zone; an hour that clocks repeat counts together',
  business_line STRING NOT NULL COMMENT 'domestic, import or export',
  created_count BIGINT NOT NULL COMMENT 'Fulfillment orders whose trade order was placed in the minute',
  paid_count BIGINT NOT NULL COMMENT 'Fulfillment orders whose trade order was paid in the minute',
  outbound_count BIGINT NOT NULL COMMENT 'Fulfillment orders that left the warehouse in the minute',
  signed_count BIGINT NOT NULL COMMENT 'Fulfillment orders that were signed for in the minute',
  cancelled_count BIGINT NOT NULL COMMENT 'Fulfillment orders that were cancelled in the minute',
  PRIMARY KEY (dt, stat_minute, business_line) NOT ENFORCED
) COMMENT 'Milestones per minute, for the dashboard''s curves'
PARTITIONED BY (dt)
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate'
);
