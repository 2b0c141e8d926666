-- Trade orders as the order system holds them.
-- Grain: one row per trade order. Freshness: seconds after the commit at the source.
-- One column group: a change event carries the whole source row.
CREATE TABLE ods_trade_order (
  dt STRING NOT NULL COMMENT 'Business day of order creation, yyyy-MM-dd; the source''s order_date',
  order_id BIGINT NOT NULL COMMENT 'Trade order',
  business_line STRING COMMENT 'domestic, import or export',
  merchant_id BIGINT COMMENT 'Selling merchant, see dim_merchant',
  buyer_name STRING COMMENT 'Name of the buyer',
  region_id INT COMMENT 'Destination region, see dim_region',
  fulfillment_ids STRING COMMENT 'Fulfillment orders (parcels) of this order, separated by commas',
  currency STRING COMMENT 'ISO 4217 code of the order''s amounts',
  goods_amount DECIMAL(12, 2) COMMENT 'Value of all goods, in currency',
  payment_method STRING COMMENT 'How the order was paid; NULL before payment',
  paid_amount DECIMAL(12, 2) COMMENT 'Amount paid, in currency; NULL before payment',
  remark STRING COMMENT 'Free text of the buyer',
  created_at TIMESTAMP_LTZ(6) COMMENT 'When the buyer placed the order',
  paid_at TIMESTAMP_LTZ(6) COMMENT 'When the payment was confirmed; NULL before',
  updated_at TIMESTAMP_LTZ(6) COMMENT 'Last change at the source',
  is_deleted BOOLEAN NOT NULL COMMENT 'True when the source deleted the row; the other columns keep its last values',
  row_version BIGINT NOT NULL COMMENT 'Version of the row, see the merge law',
  log_position BIGINT COMMENT 'Order of the changes of one row among equal versions: the offset in the change log',
  PRIMARY KEY (dt, order_id) NOT ENFORCED
) COMMENT 'Trade orders as the order system holds them'
PARTITIONED BY (dt)
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'sequence.field' = 'row_version,log_position'
);
