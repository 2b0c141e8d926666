-- How long a milestone may take, per business line.
-- Grain: one row per rule. Freshness: seconds after the commit at the source.
-- One column group: a change event carries the whole source row. Lookup joins read this table directly.
CREATE TABLE dim_timeout_rule (
  rule_id INT NOT NULL COMMENT 'Rule',
  business_line STRING COMMENT 'domestic, import or export',
  from_milestone STRING COMMENT 'Milestone that starts the clock',
  to_milestone STRING COMMENT 'Milestone that has to come in time',
  limit_minutes INT COMMENT 'Allowed time between them, in minutes',
  updated_at TIMESTAMP_LTZ(6) COMMENT 'Last change at the source',
  is_deleted BOOLEAN NOT NULL COMMENT 'True when the source deleted the row; the other columns keep its last values',
  row_version BIGINT NOT NULL COMMENT 'Version of the row, see the merge law',
  log_position BIGINT COMMENT 'Order of the changes of one row among equal versions: the offset in the change log',
  PRIMARY KEY (rule_id) NOT ENFORCED
) COMMENT 'How long a milestone may take, per business line'
WITH (
  'bucket' = '1',
  'merge-engine' = 'deduplicate',
  'sequence.field' = 'row_version,log_position',
  'lookup.cache' = 'full',
  'continuous.discovery-interval' = '1 s'
);
