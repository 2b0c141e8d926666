-- The table under test: three column groups, each with a version of its own.
-- Grain: one row per parcel. Everything else is what lake.yaml gives every table.
CREATE TABLE dwd_parcel (
  parcel_id BIGINT NOT NULL COMMENT 'Parcel',
  order_version BIGINT COMMENT 'Version of the order',
  order_note STRING COMMENT 'Group of the order',
  order_amount BIGINT COMMENT 'Group of the order',
  scan_version BIGINT COMMENT 'Version of the scan',
  scan_place STRING COMMENT 'Group of the scan',
  scan_count INT COMMENT 'Group of the scan',
  deletion_version BIGINT COMMENT 'Version of the deletion',
  is_deleted BOOLEAN COMMENT 'Group of the deletion',
  PRIMARY KEY (parcel_id) NOT ENFORCED
) COMMENT 'Parcels merged from three origins'
WITH (
  'bucket' = '2',
  'merge-engine' = 'partial-update',
  'changelog-producer' = 'lookup',
  'fields.order_version.sequence-group' = 'order_note,order_amount',
  'fields.scan_version.sequence-group' = 'scan_place,scan_count',
  'fields.deletion_version.sequence-group' = 'is_deleted'
);
