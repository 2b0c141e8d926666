-- Fulfillment orders as the fulfillment system holds them; warehouse and carrier can be re-assigned.
-- Grain: one row per fulfillment order (parcel). Freshness: seconds after the commit at the source.
-- One column group: a change event carries the whole source row.
CREATE TABLE ods_fulfillment_order (
  dt STRING NOT NULL COMMENT 'Business day of order creation, yyyy-MM-dd; the source''s order_date',
  fulfillment_id BIGINT NOT NULL COMMENT 'Fulfillment order (parcel)',
  order_id BIGINT COMMENT 'Trade order of the parcel',
  business_line STRING COMMENT 'domestic, import or export',
  direction STRING COMMENT 'inbound (to a warehouse, returns) or outbound (to a buyer)',
  warehouse_id INT COMMENT 'Assigned warehouse, see dim_warehouse; NULL before the assignment',
  carrier_id INT COMMENT 'Assigned carrier, see dim_carrier; NULL before the assignment',
  status STRING COMMENT 'created, accepted, shipped, completed or cancelled',
  weight_grams INT COMMENT 'Weight of the parcel in grams; NULL before it was weighed',
  parcel_amount DECIMAL(12, 2) COMMENT 'Value of the goods in the parcel, in the settlement currency',
  freight_amount DECIMAL(10, 2) COMMENT 'Freight charged for the parcel, in the settlement currency; NULL before the carrier is known',
  created_at TIMESTAMP_LTZ(6) COMMENT 'When the fulfillment order was created',
  accepted_at TIMESTAMP_LTZ(6) COMMENT 'When the warehouse accepted it; NULL before',
  cancelled_at TIMESTAMP_LTZ(6) COMMENT 'When it was cancelled; NULL unless it is',
  cancel_reason STRING COMMENT 'Why it was cancelled; NULL unless it is',
  updated_at TIMESTAMP_LTZ(6) COMMENT 'Last change at the source',
  is_deleted BOOLEAN NOT NULL COMMENT 'True when the source deleted the row; the other columns keep its last values',
  row_version BIGINT NOT NULL COMMENT 'Version of the row, see the merge law',
  log_position BIGINT COMMENT 'Order of the changes of one row among equal versions: the offset in the change log',
  PRIMARY KEY (dt, fulfillment_id) NOT ENFORCED
) COMMENT 'Fulfillment orders as the fulfillment system holds them'
PARTITIONED BY (dt)
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'sequence.field' = 'row_version,log_position'
);
