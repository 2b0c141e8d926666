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
  op STRING METADATA VIRTUAL COMMENT 'c, u, d, or r for a row that was read and not changed; NULL when error is set',
  before STRING METADATA VIRTUAL COMMENT 'The row before an update, as JSON; else NULL',
  error STRING METADATA VIRTUAL COMMENT 'Why the event could not be read; NULL when it could',
  payload STRING METADATA VIRTUAL COMMENT 'Key and value of the message as text, when error is set',
  row_version BIGINT NOT NULL METADATA VIRTUAL COMMENT 'Place of the change in the order of the log, see the merge law',
  topic STRING NOT NULL METADATA VIRTUAL,
  place STRING NOT NULL METADATA VIRTUAL COMMENT 'Which message of the topic: partition/offset',
  log_position BIGINT NOT NULL METADATA FROM 'offset' VIRTUAL,
  logged_at TIMESTAMP_LTZ(3) NOT NULL METADATA FROM 'timestamp' VIRTUAL
) WITH (
  'connector' = 'change-log',
  'topic' = '${source.topic-prefix}.trade_order',
  'properties.bootstrap.servers' = '${source.bootstrap-servers}',
  'properties.group.id' = 'tidelake',
  'time-zone' = '${source.time-zone}',
  'key-columns' = 'order_date;order_id'
);
