-- Up to which instant each layer has what the source committed, from a heartbeat that runs through all layers.
-- Grain: one row per layer. Freshness: as that of the layer; so its age is how late the layer is.
CREATE TABLE ops_lake_clock (
  layer STRING NOT NULL COMMENT 'ods (with dim), dwd, dws or ads',
  lake_clock TIMESTAMP_LTZ(6) COMMENT 'What the source took for now when it wrote the heartbeat',
  beat_at TIMESTAMP_LTZ(6) COMMENT 'Wall clock of the source when it wrote the heartbeat',
  row_version BIGINT NOT NULL COMMENT 'Version of the heartbeat, see the merge law',
  PRIMARY KEY (layer) NOT ENFORCED
) COMMENT 'Up to which instant each layer has what the source committed'
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'sequence.field' = 'row_version',
  'changelog-producer' = 'input',
  'deletion-vectors.enabled' = 'false'
);
