-- Records of all origins as they arrive, in any order and more than once.
-- Append-only, so that nothing but the merge law can order them.
CREATE TABLE IF NOT EXISTS ods_arrival (
  origin STRING NOT NULL COMMENT 'real-time, snapshot or correction',
  run INT COMMENT 'Batch run that offers the record; NULL for a real-time record',
  parcel_id BIGINT NOT NULL COMMENT 'Parcel that the record tells of',
  `time` TIMESTAMP_LTZ(6) NOT NULL COMMENT 'Event time of a real-time record, as-of of any other',
  slot INT NOT NULL COMMENT 'Sequence of a real-time record, attempt of any other',
  sets_order BOOLEAN NOT NULL COMMENT 'True when the record carries the group of the order',
  order_note STRING COMMENT 'May be NULL in a record that carries the group',
  order_amount BIGINT COMMENT 'May be NULL in a record that carries the group',
  sets_scan BOOLEAN NOT NULL COMMENT 'True when the record carries the group of the scan',
  scan_place STRING COMMENT 'May be NULL in a record that carries the group',
  scan_count INT COMMENT 'May be NULL in a record that carries the group',
  sets_deletion BOOLEAN NOT NULL COMMENT 'True when the record deletes or re-creates the parcel',
  is_deleted BOOLEAN COMMENT 'What it became'
) WITH (
  'bucket' = '-1',
  'compaction.min.file-num' = '1000000', -- the compaction job has its hands full with the table under test
  'continuous.discovery-interval' = '300 ms'
);
