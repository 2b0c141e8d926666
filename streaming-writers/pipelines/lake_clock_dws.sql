-- The lake clock of DWS: the heartbeat that DWD has, read and written in the job that makes DWS of it.

INSERT INTO ops_lake_clock
SELECT 'dws', lake_clock, beat_at, row_version
FROM ops_lake_clock
WHERE layer = 'dwd';
