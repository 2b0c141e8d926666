-- Change events of the source table logistics_event, as Debezium writes them.
CREATE TEMPORARY TABLE source_logistics_event (
  order_date STRING,
  event_id BIGINT,
  fulfillment_id BIGINT,
  event_type STRING,
  event_time TIMESTAMP_LTZ(6),
  station STRING,
  device_no STRING,
  received_at TIMESTAMP_LTZ(6),
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
  'topic' = '${source.topic-prefix}.logistics_event',
  'properties.bootstrap.servers' = '${source.bootstrap-servers}',
  'properties.group.id' = 'tidelake',
  'scan.startup.mode' = 'earliest-offset',
  'value.format' = 'change-event-json',
  'value.change-event-json.required-columns' = 'order_date;event_id;updated_at'
);
