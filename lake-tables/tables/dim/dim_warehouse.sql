-- Warehouses that parcels leave from or return to.
-- Grain: one row per warehouse. Freshness: seconds after the commit at the source.
-- One column group: a change event carries the whole source row. Lookup joins read this table directly.
CREATE TABLE dim_warehouse (
  warehouse_id INT NOT NULL COMMENT 'Warehouse',
  warehouse_name STRING COMMENT 'Name',
  warehouse_type STRING COMMENT 'domestic, bonded or overseas',
  region_id INT COMMENT 'Region where it stands, see dim_region',
  updated_at TIMESTAMP_LTZ(6) COMMENT 'Last change at the source',
  is_deleted BOOLEAN NOT NULL COMMENT 'True when the source deleted the row; the other columns keep its last values',
  row_version BIGINT NOT NULL COMMENT 'Version of the row, see the merge law',
  log_position BIGINT COMMENT 'Order of the changes of one row among equal versions: the offset in the change log',
  PRIMARY KEY (warehouse_id) NOT ENFORCED
) COMMENT 'Warehouses that parcels leave from or return to'
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'sequence.field' = 'row_version,log_position',
  'lookup.cache' = 'full',
  'continuous.discovery-interval' = '1 s'
);
