-- The operational database of the order system, as change capture finds it. Times are those of `source: time-zone`.
CREATE DATABASE IF NOT EXISTS logistics CHARACTER SET utf8mb4;

CREATE TABLE IF NOT EXISTS logistics.trade_order (
  order_date DATE NOT NULL,
  order_id BIGINT NOT NULL,
  business_line VARCHAR(16) NOT NULL,
  merchant_id BIGINT NOT NULL,
  buyer_name VARCHAR(64) NOT NULL,
  region_id INT NOT NULL,
  fulfillment_ids VARCHAR(255) NOT NULL,
  currency CHAR(3) NOT NULL,
  goods_amount DECIMAL(12, 2) NOT NULL,
  payment_method VARCHAR(16),
  paid_amount DECIMAL(12, 2),
  remark TEXT,
  created_at DATETIME(6) NOT NULL,
  paid_at DATETIME(6),
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (order_date, order_id)
);

CREATE TABLE IF NOT EXISTS logistics.fulfillment_order (
  order_date DATE NOT NULL,
  fulfillment_id BIGINT NOT NULL,
  order_id BIGINT NOT NULL,
  business_line VARCHAR(16) NOT NULL,
  direction VARCHAR(16) NOT NULL,
  warehouse_id INT,
  carrier_id INT,
  status VARCHAR(16) NOT NULL,
  weight_grams INT,
  parcel_amount DECIMAL(12, 2) NOT NULL,
  freight_amount DECIMAL(10, 2),
  created_at DATETIME(6) NOT NULL,
  accepted_at DATETIME(6),
  cancelled_at DATETIME(6),
  cancel_reason VARCHAR(64),
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (order_date, fulfillment_id)
);

CREATE TABLE IF NOT EXISTS logistics.logistics_event (
  order_date DATE NOT NULL,
  event_id BIGINT NOT NULL,
  fulfillment_id BIGINT NOT NULL,
  event_type VARCHAR(32) NOT NULL,
  event_time DATETIME(6) NOT NULL,
  station VARCHAR(64),
  device_no VARCHAR(32),
  received_at DATETIME(6) NOT NULL,
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (order_date, event_id)
);

CREATE TABLE IF NOT EXISTS logistics.customs_declaration (
  order_date DATE NOT NULL,
  declaration_id BIGINT NOT NULL,
  fulfillment_id BIGINT NOT NULL,
  customs_status VARCHAR(16) NOT NULL,
  duty_amount DECIMAL(10, 2),
  declared_at DATETIME(6) NOT NULL,
  cleared_at DATETIME(6),
  updated_at DATETIME(6) NOT NULL,
  PRIMARY KEY (order_date, declaration_id)
);

CREATE TABLE IF NOT EXISTS logistics.merchant (
  merchant_id BIGINT PRIMARY KEY,
  merchant_name VARCHAR(64) NOT NULL,
  category VARCHAR(32) NOT NULL,
  region_id INT NOT NULL,
  updated_at DATETIME(6) NOT NULL
);

CREATE TABLE IF NOT EXISTS logistics.warehouse (
  warehouse_id INT PRIMARY KEY,
  warehouse_name VARCHAR(64) NOT NULL,
  warehouse_type VARCHAR(16) NOT NULL,
  region_id INT NOT NULL,
  updated_at DATETIME(6) NOT NULL
);

CREATE TABLE IF NOT EXISTS logistics.carrier (
  carrier_id INT PRIMARY KEY,
  carrier_name VARCHAR(64) NOT NULL,
  service_level VARCHAR(16) NOT NULL,
  updated_at DATETIME(6) NOT NULL
);

CREATE TABLE IF NOT EXISTS logistics.region (
  region_id INT PRIMARY KEY,
  region_name VARCHAR(64) NOT NULL,
  country_code CHAR(2) NOT NULL,
  updated_at DATETIME(6) NOT NULL
);

CREATE TABLE IF NOT EXISTS logistics.timeout_rule (
  rule_id INT PRIMARY KEY,
  business_line VARCHAR(16) NOT NULL,
  from_milestone VARCHAR(32) NOT NULL,
  to_milestone VARCHAR(32) NOT NULL,
  limit_minutes INT NOT NULL,
  updated_at DATETIME(6) NOT NULL
);

-- Not captured: how far each connection of the order system is, also in simulated time, written in each of its transactions, so that it goes
-- on exactly there.
CREATE DATABASE IF NOT EXISTS workload;

CREATE TABLE IF NOT EXISTS workload.progress (
  id INT PRIMARY KEY,
  transactions BIGINT NOT NULL,
  simulated_at TIMESTAMP(6) NULL
);

INSERT IGNORE INTO workload.progress (id, transactions) VALUES (0, 0), (1, 0), (2, 0), (3, 0);

CREATE TABLE IF NOT EXISTS workload.options (
  id INT PRIMARY KEY,
  description VARCHAR(255) NOT NULL
);

-- The lake clock: the database beats by itself. What the order system takes for now is its simulated time.
CREATE TABLE IF NOT EXISTS logistics.lake_clock (
  clock_id INT PRIMARY KEY,
  source_now TIMESTAMP(6) NOT NULL,
  beat_at TIMESTAMP(6) NOT NULL
);

CREATE EVENT IF NOT EXISTS logistics.lake_clock ON SCHEDULE EVERY 2 SECOND DO
INSERT INTO logistics.lake_clock (clock_id, source_now, beat_at)
SELECT 1, COALESCE(MAX(simulated_at), NOW(6)), NOW(6) FROM workload.progress
ON DUPLICATE KEY UPDATE source_now = VALUES(source_now), beat_at = VALUES(beat_at);
