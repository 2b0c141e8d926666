-- Merchants that sell through the platform.
-- Grain: one row per merchant. Freshness: seconds after the commit at the source.
-- One column group: a change event carries the whole source row. Lookup joins read this table directly.
CREATE TABLE dim_merchant (
  merchant_id BIGINT NOT NULL COMMENT 'Merchant',
  merchant_name STRING COMMENT 'Trading name',
  category STRING COMMENT 'Main category of its goods',
  region_id INT COMMENT 'Region of its seat, see dim_region',
  updated_at TIMESTAMP_LTZ(6) COMMENT 'Last change at the source',
  is_deleted BOOLEAN NOT NULL COMMENT 'True when the source deleted the row; the other columns keep its last values',
  row_version BIGINT NOT NULL COMMENT 'Version of the row, see the merge law',
  log_position BIGINT COMMENT 'Order of the changes of one row among equal versions: the offset in the change log',
  PRIMARY KEY (merchant_id) NOT ENFORCED
) COMMENT 'Merchants that sell through the platform'
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'sequence.field' = 'row_version,log_position',
  'lookup.cache' = 'full',
  'continuous.discovery-interval' = '1 s'
);
