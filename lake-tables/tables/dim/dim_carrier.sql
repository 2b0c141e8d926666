-- Carriers that move parcels.
-- Grain: one row per carrier. Freshness: seconds after the commit at the source.
-- One column group: a change event carries the whole source row. Lookup joins read this table directly.
CREATE TABLE dim_carrier (
  carrier_id INT NOT NULL COMMENT 'Carrier',
  carrier_name STRING COMMENT 'Name',
  service_level STRING COMMENT 'express, standard or economy',
  updated_at TIMESTAMP_LTZ(6) COMMENT 'Last change at the source',
  is_deleted BOOLEAN NOT NULL COMMENT 'True when the source deleted the row; the other columns keep its last values',
  row_version BIGINT NOT NULL COMMENT 'Version of the row, see the merge law',
  log_position BIGINT COMMENT 'Order of the changes of one row among equal versions: the offset in the change log',
  PRIMARY KEY (carrier_id) NOT ENFORCED
) COMMENT 'Carriers that move parcels'
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'sequence.field' = 'row_version,log_position',
  'lookup.cache' = 'full',
  'continuous.discovery-interval' = '1 s'
);
