-- Scans of parcels as the carriers report them: late, repeated and out of order.
-- Grain: one row per reported scan. Freshness: seconds after the commit at the source.
-- One column group: a change event carries the whole source row. The key says where a scan counts, too: a scan that is
-- moved to another parcel or milestone is a deleted row there and a new one here (docs/decisions.md).
CREATE TABLE ods_logistics_event (
  dt STRING NOT NULL COMMENT 'Business day of order creation, yyyy-MM-dd; the source''s order_date',
  event_id BIGINT NOT NULL COMMENT 'Reported scan',
  fulfillment_id BIGINT NOT NULL COMMENT 'Scanned parcel',
  event_type STRING NOT NULL COMMENT 'outbound, picked_up, in_transit, out_for_delivery or signed',
  event_time TIMESTAMP_LTZ(6) COMMENT 'When the parcel was scanned',
  station STRING COMMENT 'Where the parcel was scanned, as typed there',
  device_no STRING COMMENT 'Scanner; NULL when typed by hand',
  received_at TIMESTAMP_LTZ(6) COMMENT 'When the source system received the report',
  updated_at TIMESTAMP_LTZ(6) COMMENT 'Last change at the source',
  is_deleted BOOLEAN NOT NULL COMMENT 'True when the source deleted the row; the other columns keep its last values',
  row_version BIGINT NOT NULL COMMENT 'Version of the row, see the merge law',
  log_position BIGINT COMMENT 'Order of the changes of one row among equal versions: the offset in the change log',
  PRIMARY KEY (dt, fulfillment_id, event_type, event_id) NOT ENFORCED
) COMMENT 'Scans of parcels as the carriers report them'
PARTITIONED BY (dt)
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'sequence.field' = 'row_version,log_position'
);
