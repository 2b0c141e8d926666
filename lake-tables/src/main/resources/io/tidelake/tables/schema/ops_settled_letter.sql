-- Dead letters that are settled: they could be used, their table was read again, or somebody dropped them. A job that
-- reads the log anew tells of the same records again; what is settled stays so.
-- Grain: one row per record and table that it was meant for. Freshness: at once.
CREATE TABLE ops_settled_letter (
  target STRING NOT NULL COMMENT 'Table that the record was meant for',
  source STRING NOT NULL COMMENT 'Where the record lies: a topic of the change log, or a table of the lake',
  place STRING NOT NULL COMMENT 'Which record of the source: partition/offset of a topic, or the key of a row',
  row_version BIGINT NOT NULL COMMENT 'Version up to which the record is settled: a later one of a row of the lake is another matter',
  settled_at TIMESTAMP_LTZ(6) COMMENT 'When it was settled',
  PRIMARY KEY (target, source, place) NOT ENFORCED
) COMMENT 'Dead letters that are settled'
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'sequence.field' = 'row_version',
  'deletion-vectors.merge-on-read' = 'true'
);
