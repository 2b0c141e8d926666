-- The lake clock of ADS: the heartbeat that DWS has, read and written in the job that makes ADS of it.

INSERT INTO ops_lake_clock
SELECT 'ads', lake_clock, beat_at, row_version
FROM ops_lake_clock
WHERE layer = 'dws';
