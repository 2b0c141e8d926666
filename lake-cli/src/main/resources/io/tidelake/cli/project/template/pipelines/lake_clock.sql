-- The heartbeat of the source database, as it is written with the rows of ODS: it says how late they are.

INSERT INTO ops_lake_clock
SELECT 'ods', source_now, beat_at, row_version
FROM source_lake_clock
WHERE error IS NULL AND op <> 'd';

INSERT INTO ops_dead_letter
SELECT 'ops_lake_clock', topic, place, error, payload, row_version, logged_at FROM source_lake_clock WHERE error IS NOT NULL;
