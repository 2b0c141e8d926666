-- Customs declarations of import and export parcels.
-- Grain: one row per declaration. Freshness: seconds after the commit at the source.
-- One column group: a change event carries the whole source row. The key says for which parcel it counts, too, as in
-- ods_logistics_event.
CREATE TABLE ods_customs_declaration (
  dt STRING NOT NULL COMMENT 'Business day of order creation, yyyy-MM-dd; the source''s order_date',
  declaration_id BIGINT NOT NULL COMMENT 'Customs declaration',
  fulfillment_id BIGINT NOT NULL COMMENT 'Declared parcel; of several declarations the one that was filed last counts',
  customs_status STRING COMMENT 'declared, inspecting, cleared or rejected',
  duty_amount DECIMAL(10, 2) COMMENT 'Duty, in the settlement currency; NULL before it is assessed',
  declared_at TIMESTAMP_LTZ(6) COMMENT 'When the declaration was filed',
  cleared_at TIMESTAMP_LTZ(6) COMMENT 'When customs released the parcel; NULL before',
  updated_at TIMESTAMP_LTZ(6) COMMENT 'Last change at the source',
  is_deleted BOOLEAN NOT NULL COMMENT 'True when the source deleted the row; the other columns keep its last values',
  row_version BIGINT NOT NULL COMMENT 'Version of the row, see the merge law',
  log_position BIGINT COMMENT 'Order of the changes of one row among equal versions: the offset in the change log',
  PRIMARY KEY (dt, fulfillment_id, declaration_id) NOT ENFORCED
) COMMENT 'Customs declarations of import and export parcels'
PARTITIONED BY (dt)
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'sequence.field' = 'row_version,log_position'
);
