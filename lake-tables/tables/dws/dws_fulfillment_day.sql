-- Light aggregation of the wide fact in all its dimensions.
-- Grain: one row per day of order creation, business line, direction, warehouse, carrier and destination region
-- that has at least one fulfillment order. Freshness: under 15 seconds after the commit at the source.
-- No deletion vectors: with them, Paimon 2.0.0's changelog is wrong for a group that vanishes and comes back
-- (apache/paimon#8204), and ads_overview would miscount.
CREATE TABLE dws_fulfillment_day (
  dt STRING NOT NULL COMMENT 'Business day of order creation, yyyy-MM-dd',
  business_line STRING NOT NULL COMMENT 'domestic, import or export',
  direction STRING NOT NULL COMMENT 'inbound or outbound',
  warehouse_id INT NOT NULL COMMENT 'Warehouse; 0 while none is assigned',
  carrier_id INT NOT NULL COMMENT 'Carrier; 0 while none is assigned',
  region_id INT NOT NULL COMMENT 'Destination region; 0 while it is unknown',
  created_count BIGINT NOT NULL COMMENT 'Fulfillment orders, cancelled ones included',
  valid_count BIGINT NOT NULL COMMENT 'Fulfillment orders that are not cancelled',
  cancelled_count BIGINT NOT NULL COMMENT 'Fulfillment orders that are cancelled',
  outbound_count BIGINT NOT NULL COMMENT 'Valid ones that left the warehouse',
  picked_up_count BIGINT NOT NULL COMMENT 'Valid ones that the carrier picked up',
  signed_count BIGINT NOT NULL COMMENT 'Valid ones that were signed for',
  parcel_amount DECIMAL(18, 2) NOT NULL COMMENT 'Value of the goods of the valid ones, in the settlement currency',
  freight_amount DECIMAL(18, 2) NOT NULL COMMENT 'Freight of the valid ones, in the settlement currency',
  PRIMARY KEY (dt, business_line, direction, warehouse_id, carrier_id, region_id) NOT ENFORCED
) COMMENT 'Light aggregation of the wide fact in all its dimensions'
PARTITIONED BY (dt)
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'changelog-producer' = 'lookup',
  'deletion-vectors.enabled' = 'false'
);
