-- Backfills: what was asked for, by whom, and how far it came.
-- Grain: one row per run. Freshness: immediate.
CREATE TABLE ops_backfill_run (
  run_id STRING NOT NULL COMMENT 'Run: UTC time of its start and the target, as 20261124-013000-dwd_fulfillment_wide',
  target STRING NOT NULL COMMENT 'Table that is written',
  mode STRING NOT NULL COMMENT 'fill or correct',
  version BIGINT NOT NULL COMMENT 'Version of every column group that the run writes, see the merge law',
  mapping STRING NOT NULL COMMENT 'File of the mapping',
  input STRING NOT NULL COMMENT 'Where the snapshot is, as kind:name; of an undo, that of the backfill',
  undone_run_id STRING COMMENT 'Run that this one undoes; NULL for a backfill',
  partitions STRING NOT NULL COMMENT 'Values of dt, in the order in which they are written, separated by commas; empty for a table without partitions',
  state STRING NOT NULL COMMENT 'running, done or failed; a running one whose process has ended was interrupted',
  message STRING COMMENT 'Why it failed; NULL unless it did',
  started_by STRING NOT NULL COMMENT 'User and host that started it',
  started_at TIMESTAMP_LTZ(6) NOT NULL COMMENT 'When it was started',
  finished_at TIMESTAMP_LTZ(6) COMMENT 'When it was done or failed; NULL before',
  PRIMARY KEY (run_id) NOT ENFORCED
) COMMENT 'Backfills'
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'deletion-vectors.merge-on-read' = 'true'
);
