-- Change events that could not be read, kept until somebody has looked at them.
-- Grain: one row per message of the change log. Freshness: seconds after the message.
CREATE TABLE ops_dead_letter (
  topic STRING NOT NULL COMMENT 'Topic of the message',
  log_partition INT NOT NULL COMMENT 'Partition of the topic',
  log_position BIGINT NOT NULL COMMENT 'Offset in the partition',
  reason STRING COMMENT 'Why the message could not be read',
  payload STRING COMMENT 'The message as text, invalid UTF-8 replaced',
  logged_at TIMESTAMP_LTZ(6) COMMENT 'When the message entered the log',
  PRIMARY KEY (topic, log_partition, log_position) NOT ENFORCED
) COMMENT 'Change events that could not be read'
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'deletion-vectors.merge-on-read' = 'true'
);
