-- Rows and files of snapshots that could not be offered to the table.
-- Grain: one row per rejected row or file of a run. Freshness: immediate.
CREATE TABLE ops_backfill_reject (
  run_id STRING NOT NULL COMMENT 'Run, see ops_backfill_run',
  dt STRING NOT NULL COMMENT 'Partition in which it was met; empty for a table without partitions',
  reject_id STRING NOT NULL COMMENT 'Checksum of reason, file and values: a repeat rejects the same',
  reason STRING NOT NULL COMMENT 'Why it was rejected, with the column and its value',
  source_file STRING COMMENT 'File or table it came from',
  row_values STRING COMMENT 'The row as text; NULL for a whole file',
  PRIMARY KEY (run_id, dt, reject_id) NOT ENFORCED
) COMMENT 'Rows and files of snapshots that could not be offered'
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'deletion-vectors.merge-on-read' = 'true'
);
