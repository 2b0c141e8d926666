-- Regions of warehouses, merchants and destinations.
-- Grain: one row per region. Freshness: seconds after the commit at the source.
-- One column group: a change event carries the whole source row. Lookup joins read this table directly.
CREATE TABLE dim_region (
  region_id INT NOT NULL COMMENT 'Region',
  region_name STRING COMMENT 'Name',
  country_code STRING COMMENT 'ISO 3166-1 alpha-2 code of its country',
  updated_at TIMESTAMP_LTZ(6) COMMENT 'Last change at the source',
  is_deleted BOOLEAN NOT NULL COMMENT 'True when the source deleted the row; the other columns keep its last values',
  row_version BIGINT NOT NULL COMMENT 'Version of the row, see the merge law',
  log_position BIGINT COMMENT 'Order of the changes of one row among equal versions: the offset in the change log',
  PRIMARY KEY (region_id) NOT ENFORCED
) COMMENT 'Regions of warehouses, merchants and destinations'
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'sequence.field' = 'row_version,log_position',
  'lookup.cache' = 'full',
  'continuous.discovery-interval' = '1 s'
);
