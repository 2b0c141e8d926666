-- What a reader of the changelog of dwd_parcel sees: the last row of each parcel that it was told.
-- No sequence field: the versions are plain values here and order nothing, hence their other names.
CREATE TABLE dwd_parcel_copy (
  parcel_id BIGINT NOT NULL COMMENT 'Parcel',
  order_version_copy BIGINT COMMENT 'As in dwd_parcel',
  order_note STRING COMMENT 'As in dwd_parcel',
  order_amount BIGINT COMMENT 'As in dwd_parcel',
  scan_version_copy BIGINT COMMENT 'As in dwd_parcel',
  scan_place STRING COMMENT 'As in dwd_parcel',
  scan_count INT COMMENT 'As in dwd_parcel',
  deletion_version_copy BIGINT COMMENT 'As in dwd_parcel',
  is_deleted BOOLEAN COMMENT 'As in dwd_parcel',
  PRIMARY KEY (parcel_id) NOT ENFORCED
) COMMENT 'Parcels as the changelog of dwd_parcel tells of them'
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate'
);
