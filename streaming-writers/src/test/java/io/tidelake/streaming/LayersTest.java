package io.tidelake.streaming;

import io.tidelake.tables.*;
import java.nio.file.Path;
import java.util.*;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayersTest {
  @TempDir Path dir;

  @Test
  void all() throws Exception {
    System.setProperty("lake.home", Path.of("..").toAbsolutePath().normalize().toString());
    LakeHome home = LakeHome.find();
    LakeConfig config =
        LakeConfig.load(home.config(), Map.of("catalog/warehouse", dir.resolve("wh").toString()));
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      TablePlan plan =
          TablePlan.of(new TableFiles(home.tables(), config.tableOptions()).read(), catalog);
      plan.allChanges().forEach(c -> System.out.println(c.table() + ": " + c.describe()));
      plan.apply(catalog);
      TablePlan again =
          TablePlan.of(new TableFiles(home.tables(), config.tableOptions()).read(), catalog);
      again
          .allChanges()
          .forEach(c -> System.out.println("AGAIN " + c.table() + ": " + c.describe()));
    }
    try (FlinkEngine engine = FlinkEngine.start(0, 8)) {
      StreamingJobs jobs =
          new StreamingJobs(home, config, "localhost", engine.restPort(), dir.resolve("cp"));
      long t = System.currentTimeMillis();
      jobs.start("compaction");
      System.out.println("compaction started " + (System.currentTimeMillis() - t));
      TableEnvironment batch = FlinkSession.openBatch(config);
      insert(
          batch, "INSERT INTO dim_merchant VALUES (7, 'Mei Shop', 'toys', 1, NOW(), false, 5, 1)");
      jobs.start("layers");
      System.out.println("layers started " + (System.currentTimeMillis() - t));
      insert(
          batch,
          "INSERT INTO ods_trade_order (dt, order_id, business_line, merchant_id, buyer_name, region_id, fulfillment_ids, currency, goods_amount, created_at, updated_at, is_deleted, row_version, log_position) VALUES ('2026-06-18', 1, 'domestic', 7, 'Li', 3, '11,12', 'CNY', 10.50, TO_TIMESTAMP_LTZ(1781770353123, 3), NOW(), false, REALTIME_VERSION(NOW()), 1)");
      insert(
          batch,
          "INSERT INTO ods_fulfillment_order (dt, fulfillment_id, order_id, business_line, direction, warehouse_id, status, parcel_amount, created_at, updated_at, is_deleted, row_version, log_position) VALUES ('2026-06-18', 11, 1, 'domestic', 'outbound', 5, 'created', 5.25, NOW(), NOW(), false, REALTIME_VERSION(NOW()), 1),('2026-06-18', 12, 1, 'domestic', 'outbound', 5, 'created', 5.25, NOW(), NOW(), false, REALTIME_VERSION(NOW()), 1)");
      for (int i = 0; i < 12; i++) {
        Thread.sleep(2000);
        System.out.println(
            i
                + " dwd "
                + rows(
                    batch,
                    "SELECT fulfillment_id, merchant_name, warehouse_id FROM dwd_fulfillment_wide"));
        System.out.println(i + " split " + rows(batch, "SELECT * FROM dwd_domestic_fulfillment"));
        System.out.println(i + " dws " + rows(batch, "SELECT * FROM dws_fulfillment_day"));
        System.out.println(i + " ads " + rows(batch, "SELECT * FROM ads_overview"));
        if (i == 5)
          insert(
              batch,
              "INSERT INTO ods_fulfillment_order (dt, fulfillment_id, order_id, business_line, direction, warehouse_id, status, parcel_amount, created_at, updated_at, is_deleted, row_version, log_position) VALUES ('2026-06-18', 11, 1, 'domestic', 'outbound', 6, 'created', 5.25, NOW(), NOW(), true, REALTIME_VERSION(NOW()), 1),('2026-06-18', 12, 1, 'domestic', 'outbound', 6, 'created', 5.25, NOW(), NOW(), false, REALTIME_VERSION(NOW()), 1)");
      }
      System.out.println(rows(batch, "SELECT * FROM ads_trend_minute"));
    }
  }

  static void insert(TableEnvironment batch, String sql) throws Exception {
    batch.executeSql(sql).await();
  }

  static List<Row> rows(TableEnvironment batch, String sql) throws Exception {
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> it = batch.executeSql(sql).collect()) {
      it.forEachRemaining(rows::add);
    }
    return rows;
  }
}
