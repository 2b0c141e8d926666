-- Change events of the source table fulfillment_order, as Debezium writes them.
CREATE TEMPORARY TABLE source_fulfillment_order (
  order_date STRING,
  fulfillment_id BIGINT,
  order_id BIGINT,
  business_line STRING,
  direction STRING,
  warehouse_id INT,
  carrier_id INT,
  status STRING,
  weight_grams INT,
  parcel_amount DECIMAL(12, 2),
  freight_amount DECIMAL(10, 2),
  created_at TIMESTAMP_LTZ(6),
  accepted_at TIMESTAMP_LTZ(6),
  cancelled_at TIMESTAMP_LTZ(6),
  cancel_reason STRING,
  updated_at TIMESTAMP_LTZ(6),
  op STRING METADATA FROM 'value.op' VIRTUAL COMMENT 'c, u, d, or r for the initial snapshot; NULL when error is set',
  error STRING METADATA FROM 'value.error' VIRTUAL COMMENT 'Why the event could not be read; NULL when it could',
  payload STRING METADATA FROM 'value.payload' VIRTUAL COMMENT 'The message as text, when error is set',
  topic STRING METADATA VIRTUAL,
  log_partition INT METADATA FROM 'partition' VIRTUAL,
  log_position BIGINT METADATA FROM 'offset' VIRTUAL,
  logged_at TIMESTAMP_LTZ(3) METADATA FROM 'timestamp' VIRTUAL
) WITH (
  'connector' = 'kafka',
  'topic' = '${source.topic-prefix}.fulfillment_order',
  'properties.bootstrap.servers' = '${source.bootstrap-servers}',
  'properties.group.id' = 'tidelake',
  'scan.startup.mode' = 'earliest-offset',
  'value.format' = 'change-event-json',
  'value.change-event-json.required-columns' = 'order_date;fulfillment_id;updated_at'
);
