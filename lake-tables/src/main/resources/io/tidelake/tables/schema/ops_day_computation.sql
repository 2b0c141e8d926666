-- From what each closed day of the aggregations was computed last, by `lake backfill sweep` or after a backfill.
-- Grain: one row per table and closed day, or one per table whose days are not those of its inputs.
-- Freshness: immediate.
CREATE TABLE ops_day_computation (
  target STRING NOT NULL COMMENT 'Table that was recomputed',
  dt STRING NOT NULL COMMENT 'Closed day, yyyy-MM-dd; empty for all closed days together',
  inputs MAP<STRING, STRING> NOT NULL COMMENT 'What it was computed from: by input a checksum of its data files, and of the query',
  snapshots MAP<STRING, BIGINT> NOT NULL COMMENT 'By input the snapshot whose data files these were',
  inserted_count BIGINT NOT NULL COMMENT 'Rows that the table did not have',
  changed_count BIGINT NOT NULL COMMENT 'Rows that had other values',
  deleted_count BIGINT NOT NULL COMMENT 'Rows of groups that vanished',
  unchanged_count BIGINT NOT NULL COMMENT 'Rows that were right',
  computed_at TIMESTAMP_LTZ(6) NOT NULL COMMENT 'When the computation began',
  PRIMARY KEY (target, dt) NOT ENFORCED
) COMMENT 'From what each closed day was computed last'
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'deletion-vectors.merge-on-read' = 'true'
);
