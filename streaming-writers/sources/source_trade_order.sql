-- Change events of the source table trade_order, as Debezium writes them.
CREATE TEMPORARY TABLE source_trade_order (
  order_date STRING,
  order_id BIGINT,
  business_line STRING,
  merchant_id BIGINT,
  buyer_name STRING,
  region_id INT,
  fulfillment_ids STRING,
  currency STRING,
  goods_amount DECIMAL(12, 2),
  payment_method STRING,
  paid_amount DECIMAL(12, 2),
  remark STRING,
  created_at TIMESTAMP_LTZ(6),
  paid_at TIMESTAMP_LTZ(6),
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
  'topic' = '${source.topic-prefix}.trade_order',
  'properties.bootstrap.servers' = '${source.bootstrap-servers}',
  'properties.group.id' = 'tidelake',
  'scan.startup.mode' = 'earliest-offset',
  'value.format' = 'change-event-json',
  'value.change-event-json.required-columns' = 'order_date;order_id;updated_at'
);
