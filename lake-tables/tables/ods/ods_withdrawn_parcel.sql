-- Parcels that an update took out of the list of their trade order.
-- Grain: one row per trade order and parcel that was ever taken out. Freshness: seconds after the commit at the source.
-- One column group. The list in ods_trade_order says what is in it now and not what was; with the version of the update a
-- reader of both knows which came last.
CREATE TABLE ods_withdrawn_parcel (
  dt STRING NOT NULL COMMENT 'Business day of order creation, yyyy-MM-dd; the source''s order_date',
  fulfillment_id BIGINT NOT NULL COMMENT 'Fulfillment order (parcel)',
  order_id BIGINT NOT NULL COMMENT 'Trade order that does not list it any more',
  row_version BIGINT NOT NULL COMMENT 'Version of the update that took it out, see the merge law',
  PRIMARY KEY (dt, fulfillment_id, order_id) NOT ENFORCED
) COMMENT 'Parcels that were taken out of their trade order'
PARTITIONED BY (dt)
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'sequence.field' = 'row_version'
);
