-- Orders of the convergence proof: three column groups.
CREATE TABLE dwd_order (
  order_id INT NOT NULL,
  amount INT,
  buyer STRING,
  order_version BIGINT,
  carrier STRING,
  parcel_version BIGINT,
  is_deleted BOOLEAN,
  is_deleted_version BIGINT,
  PRIMARY KEY (order_id) NOT ENFORCED
) WITH (
  'bucket' = '1',
  'merge-engine' = 'partial-update',
  'fields.order_version.sequence-group' = 'amount,buyer',
  'fields.parcel_version.sequence-group' = 'carrier',
  'fields.is_deleted_version.sequence-group' = 'is_deleted',
  'snapshot.num-retained.min' = '1000'
);
