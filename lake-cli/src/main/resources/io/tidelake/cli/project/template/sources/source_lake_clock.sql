-- Change events of the source table lake_clock, the heartbeat of the source database, as Debezium writes them.
CREATE TEMPORARY TABLE source_lake_clock (
  clock_id INT,
  source_now TIMESTAMP_LTZ(6),
  beat_at TIMESTAMP_LTZ(6),
  op STRING METADATA VIRTUAL COMMENT 'c, u, d, or r for a row that was read and not changed; NULL when error is set',
  error STRING METADATA VIRTUAL COMMENT 'Why the event could not be read; NULL when it could',
  payload STRING METADATA VIRTUAL COMMENT 'Key and value of the message as text, when error is set',
  row_version BIGINT NOT NULL METADATA VIRTUAL COMMENT 'Place of the change in the order of the log, see the merge law',
  topic STRING NOT NULL METADATA VIRTUAL,
  place STRING NOT NULL METADATA VIRTUAL COMMENT 'Which message of the topic: partition/offset',
  log_position BIGINT NOT NULL METADATA FROM 'offset' VIRTUAL,
  logged_at TIMESTAMP_LTZ(3) NOT NULL METADATA FROM 'timestamp' VIRTUAL
) WITH (
  'connector' = 'change-log',
  'topic' = '${source.topic-prefix}.lake_clock',
  'properties.bootstrap.servers' = '${source.bootstrap-servers}',
  'properties.group.id' = 'tidelake',
  'time-zone' = '${source.time-zone}',
  'key-columns' = 'clock_id',
  'instant-columns' = 'source_now;beat_at'
);
