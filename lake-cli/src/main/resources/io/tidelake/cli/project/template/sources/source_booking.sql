-- Change events of the source table booking, as Debezium writes them.
CREATE TEMPORARY TABLE source_booking (
  booking_id BIGINT,
  hotel STRING,
  room_no INT,
  first_night STRING,
  nights INT,
  guest STRING,
  status STRING,
  booked_at TIMESTAMP_LTZ(6),
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
  'topic' = '${source.topic-prefix}.booking',
  'properties.bootstrap.servers' = '${source.bootstrap-servers}',
  'properties.group.id' = 'tidelake',
  'time-zone' = '${source.time-zone}',
  'key-columns' = 'booking_id'
);
