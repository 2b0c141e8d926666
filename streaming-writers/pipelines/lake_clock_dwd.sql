-- The lake clock of DWD: the heartbeat that ODS has, read and written in the job that makes DWD of it.

INSERT INTO ops_lake_clock
SELECT 'dwd', lake_clock, beat_at, row_version
FROM ops_lake_clock
WHERE layer = 'ods';
