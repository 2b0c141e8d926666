-- Export fulfillment orders, split from the public wide fact for the team of that business line.
-- Grain: one row per export fulfillment order that is not deleted. Freshness: under 12 seconds after the commit
-- at the source.
CREATE TABLE dwd_export_fulfillment (
  dt STRING NOT NULL COMMENT 'Business day of order creation, yyyy-MM-dd',
  fulfillment_id BIGINT NOT NULL COMMENT 'Fulfillment order (parcel)',
  order_id BIGINT COMMENT 'Trade order of the parcel',
  direction STRING COMMENT 'inbound or outbound',
  merchant_id BIGINT COMMENT 'Selling merchant',
  merchant_name STRING COMMENT 'Trading name of the merchant',
  merchant_category STRING COMMENT 'Main category of the merchant',
  region_id INT COMMENT 'Destination region',
  region_name STRING COMMENT 'Name of the destination region',
  warehouse_id INT COMMENT 'Assigned warehouse; NULL before the assignment',
  warehouse_name STRING COMMENT 'Name of the warehouse',
  carrier_id INT COMMENT 'Assigned carrier; NULL before the assignment',
  carrier_name STRING COMMENT 'Name of the carrier',
  status STRING COMMENT 'created, accepted, shipped, completed or cancelled',
  parcel_amount DECIMAL(12, 2) COMMENT 'Value of the goods in the parcel, in the settlement currency',
  freight_amount DECIMAL(10, 2) COMMENT 'Freight of the parcel, in the settlement currency',
  customs_status STRING COMMENT 'declared, inspecting, cleared or rejected',
  duty_amount DECIMAL(10, 2) COMMENT 'Duty, in the settlement currency; NULL before it is assessed',
  customs_cleared_at TIMESTAMP_LTZ(6) COMMENT 'Milestone customs cleared; NULL before',
  ordered_at TIMESTAMP_LTZ(6) COMMENT 'Milestone created',
  paid_at TIMESTAMP_LTZ(6) COMMENT 'Milestone paid; NULL before',
  accepted_at TIMESTAMP_LTZ(6) COMMENT 'Milestone accepted by the warehouse; NULL before',
  outbound_at TIMESTAMP_LTZ(6) COMMENT 'Milestone outbound; NULL before',
  picked_up_at TIMESTAMP_LTZ(6) COMMENT 'Milestone picked up; NULL before',
  out_for_delivery_at TIMESTAMP_LTZ(6) COMMENT 'Milestone out for delivery; NULL before',
  signed_at TIMESTAMP_LTZ(6) COMMENT 'Milestone signed; NULL before',
  cancelled_at TIMESTAMP_LTZ(6) COMMENT 'Milestone cancelled; NULL unless it is',
  PRIMARY KEY (dt, fulfillment_id) NOT ENFORCED
) COMMENT 'Export fulfillment orders'
PARTITIONED BY (dt)
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate'
);
