-- Runs of schedules: what `lake schedule` ran at which scheduled time, and how it ended.
-- Grain: one row per schedule and scheduled time. Freshness: immediate.
CREATE TABLE ops_schedule_run (
  schedule STRING NOT NULL COMMENT 'Name under schedules in lake.yaml',
  fire_time TIMESTAMP_LTZ(6) NOT NULL COMMENT 'Scheduled time; for the state added, when the scheduler first met the schedule',
  cron STRING NOT NULL COMMENT 'Cron expression as it was then, with the time zone behind it unless that was UTC',
  command STRING NOT NULL COMMENT 'Command line with its parameters filled in',
  state STRING NOT NULL COMMENT 'added, running, waiting (failed, to be repeated), done, failed or skipped; a running one whose scheduler has ended was interrupted',
  attempts INT NOT NULL COMMENT 'Attempts that were begun; 0 for added and skipped',
  exit_code INT COMMENT 'Exit code of the last attempt; NULL when it has none: not finished, or ended for its timeout',
  message STRING COMMENT 'Why the last attempt failed or the time was skipped; NULL otherwise',
  started_at TIMESTAMP_LTZ(6) COMMENT 'When the last attempt was begun; NULL without one',
  finished_at TIMESTAMP_LTZ(6) COMMENT 'When the last attempt ended; NULL before',
  PRIMARY KEY (schedule, fire_time) NOT ENFORCED
) COMMENT 'Runs of schedules'
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'deletion-vectors.merge-on-read' = 'true'
);
