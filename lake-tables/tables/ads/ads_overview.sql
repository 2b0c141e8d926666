-- Dashboard totals per business line and day.
-- Grain: one row per day of order creation and business line. Freshness: under 20 seconds after the commit at the
-- source.
CREATE TABLE ads_overview (
  dt STRING NOT NULL COMMENT 'Business day of order creation, yyyy-MM-dd',
  business_line STRING NOT NULL COMMENT 'domestic, import or export',
  created_count BIGINT NOT NULL COMMENT 'Fulfillment orders, cancelled ones included',
  valid_count BIGINT NOT NULL COMMENT 'Fulfillment orders that are not cancelled',
  cancelled_count BIGINT NOT NULL COMMENT 'Fulfillment orders that are cancelled',
  outbound_count BIGINT NOT NULL COMMENT 'Valid ones that left the warehouse',
  picked_up_count BIGINT NOT NULL COMMENT 'Valid ones that the carrier picked up',
  signed_count BIGINT NOT NULL COMMENT 'Valid ones that were signed for',
  parcel_amount DECIMAL(18, 2) NOT NULL COMMENT 'Value of the goods of the valid ones, in the settlement currency',
  freight_amount DECIMAL(18, 2) NOT NULL COMMENT 'Freight of the valid ones, in the settlement currency',
  PRIMARY KEY (dt, business_line) NOT ENFORCED
) COMMENT 'Dashboard totals per business line and day'
PARTITIONED BY (dt)
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate'
);
