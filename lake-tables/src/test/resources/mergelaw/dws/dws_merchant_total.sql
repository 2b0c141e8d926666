-- Cumulative measures of the convergence proof.
CREATE TABLE dws_merchant_total (
  merchant_id INT NOT NULL,
  paid_amount MAP<BIGINT, DECIMAL(12, 2)>,
  PRIMARY KEY (merchant_id) NOT ENFORCED
) WITH (
  'bucket' = '1',
  'merge-engine' = 'aggregation',
  'fields.paid_amount.aggregate-function' = 'cumulative',
  'snapshot.num-retained.min' = '1000'
);
