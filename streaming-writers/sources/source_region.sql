-- Change events of the source table region, as Debezium writes them.
CREATE TEMPORARY TABLE source_region (
  region_id INT,
  region_name STRING,
  country_code STRING,
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
  'topic' = '${source.topic-prefix}.region',
  'properties.bootstrap.servers' = '${source.bootstrap-servers}',
  'properties.group.id' = 'tidelake',
  'scan.startup.mode' = 'earliest-offset',
  'value.format' = 'change-event-json',
  'value.change-event-json.required-columns' = 'region_id;updated_at'
);
