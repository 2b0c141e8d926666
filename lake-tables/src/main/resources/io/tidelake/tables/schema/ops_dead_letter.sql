-- Records that could not be used, kept until somebody has looked at them; `lake dead-letters` lists them.
-- Grain: one row per record and table that it was meant for. Freshness: seconds after the record.
CREATE TABLE ops_dead_letter (
  target STRING NOT NULL COMMENT 'Table that the record was meant for',
  source STRING NOT NULL COMMENT 'Where the record lies: a topic of the change log, or a table of the lake',
  place STRING NOT NULL COMMENT 'Which record of the source: partition/offset of a topic, or the key of a row',
  reason STRING COMMENT 'Why it could not be used',
  payload STRING COMMENT 'The message as text, invalid UTF-8 replaced; or the value that could not be used',
  row_version BIGINT NOT NULL COMMENT 'Version of the record, see the merge law; with it a replay takes its place among the others',
  logged_at TIMESTAMP_LTZ(6) COMMENT 'When the message entered the log; when the row of the lake was committed at the source',
  PRIMARY KEY (target, source, place) NOT ENFORCED
) COMMENT 'Records that could not be used'
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'sequence.field' = 'row_version',
  'deletion-vectors.merge-on-read' = 'true'
);
