-- Timeliness of carriers, by the hour of the pick-up.
-- Grain: one row per hour of pick-up, business line and carrier that picked up at least one parcel.
-- Freshness: under 15 seconds after the commit at the source.
CREATE TABLE dws_carrier_hour (
  dt STRING NOT NULL COMMENT 'Day of the pick-up, yyyy-MM-dd, in the business time zone',
  stat_hour INT NOT NULL COMMENT 'Hour of the pick-up, 0 to 23, in the business time zone; one that clocks repeat counts together',
  business_line STRING NOT NULL COMMENT 'domestic, import or export',
  carrier_id INT NOT NULL COMMENT 'Carrier; 0 while none is assigned',
  picked_up_count BIGINT NOT NULL COMMENT 'Valid parcels picked up in the hour',
  out_for_delivery_count BIGINT NOT NULL COMMENT 'Of these, parcels that went out for delivery',
  signed_count BIGINT NOT NULL COMMENT 'Of these, parcels that were signed for',
  transit_minutes BIGINT NOT NULL COMMENT 'Sum of the minutes from pick-up to signature, over the signed ones',
  PRIMARY KEY (dt, stat_hour, business_line, carrier_id) NOT ENFORCED
) COMMENT 'Timeliness of carriers, by the hour of the pick-up'
PARTITIONED BY (dt)
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate'
);
