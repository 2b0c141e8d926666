-- Cleaned scans: known event types only, stations trimmed, the delay of the report measured.
-- Grain: one row per reported scan. Freshness: under 8 seconds after the commit at the source.
-- One column group: the whole row comes from one source row.
CREATE TABLE dwd_logistics_event (
  dt STRING NOT NULL COMMENT 'Business day of order creation, yyyy-MM-dd',
  event_id BIGINT NOT NULL COMMENT 'Reported scan',
  fulfillment_id BIGINT COMMENT 'Scanned parcel',
  event_type STRING COMMENT 'outbound, picked_up, in_transit, out_for_delivery or signed',
  event_time TIMESTAMP_LTZ(6) COMMENT 'When the parcel was scanned',
  station STRING COMMENT 'Where the parcel was scanned; trimmed, NULL when empty',
  device_no STRING COMMENT 'Scanner; NULL when typed by hand',
  received_at TIMESTAMP_LTZ(6) COMMENT 'When the source system received the report',
  report_delay_seconds INT COMMENT 'From the scan to its receipt in whole seconds, both taken to the millisecond; negative when the scanner''s clock is fast, NULL when more than 20,000 days lie between',
  is_deleted BOOLEAN NOT NULL COMMENT 'True when the source deleted the scan, or gave it no time or a type that is not known',
  row_version BIGINT NOT NULL COMMENT 'Version of the row, see the merge law',
  PRIMARY KEY (dt, event_id) NOT ENFORCED
) COMMENT 'Cleaned scans'
PARTITIONED BY (dt)
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'sequence.field' = 'row_version'
);
