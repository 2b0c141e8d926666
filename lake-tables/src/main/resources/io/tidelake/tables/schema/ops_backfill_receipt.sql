-- What each run did to each partition, counted from the table's own changes.
-- Grain: one row per run and partition. Freshness: immediate.
CREATE TABLE ops_backfill_receipt (
  run_id STRING NOT NULL COMMENT 'Run, see ops_backfill_run',
  target STRING NOT NULL COMMENT 'Table that was written',
  dt STRING NOT NULL COMMENT 'Partition; empty for a table without partitions',
  snapshot_before BIGINT NOT NULL COMMENT 'Snapshot of the table right before the commit',
  snapshot_after BIGINT NOT NULL COMMENT 'Snapshot that the commit made; the same as before when nothing was committed',
  offered_count BIGINT NOT NULL COMMENT 'Rows that the run offered, rejected ones not among them',
  inserted_count BIGINT NOT NULL COMMENT 'Offered rows whose key the table did not have',
  changed_count BIGINT NOT NULL COMMENT 'Offered rows that set at least one column group of a row that was there',
  refused_count BIGINT NOT NULL COMMENT 'Offered rows of which the table had newer values in all column groups offered',
  unchanged_count BIGINT NOT NULL COMMENT 'Offered rows that the table held already with these very versions',
  replaced_real_time_count BIGINT NOT NULL COMMENT 'Rows of which a real-time value of a column group was replaced; 0 for fill',
  rejected_count BIGINT NOT NULL COMMENT 'Rows and files that could not be offered, see ops_backfill_reject',
  filled_groups MAP<STRING, BIGINT> NOT NULL COMMENT 'Rows by column group that got its value from the run',
  refused_groups MAP<STRING, BIGINT> NOT NULL COMMENT 'Rows by column group that kept a newer value',
  checksum STRING NOT NULL COMMENT 'Of the touched rows as they are after the commit, independent of their order',
  started_at TIMESTAMP_LTZ(6) NOT NULL COMMENT 'When the partition was begun',
  duration_millis BIGINT NOT NULL COMMENT 'How long it took, counting included',
  PRIMARY KEY (run_id, dt) NOT ENFORCED
) COMMENT 'What each run did to each partition'
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'deletion-vectors.merge-on-read' = 'true'
);
