package io.tidelake.stack;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.tables.FlinkSession;
import io.tidelake.tables.LakeCatalog;
import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeHome;
import io.tidelake.tables.TablePlan;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.hive.metastore.HiveMetaStoreClient;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HiveMetastoreTest {

  @TempDir private static Path workDir;

  private static int port;
  private static ChildProcess server;

  @BeforeAll
  static void start() throws Exception {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }
    long t = System.nanoTime();
    server = HiveMetastoreServer.start(workDir.resolve("hive"), Path.of("/tmp/hivelogs"), port);
    System.out.println("up in " + (System.nanoTime() - t) / 1000000);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void scratch() throws Exception {
    LakeConfig config =
        LakeConfig.load(
            LakeHome.find().config(),
            Map.of(
                "catalog/warehouse",
                workDir.resolve("warehouse").toString(),
                "catalog/metastore",
                "hive",
                "catalog/lock.enabled",
                "true",
                "catalog/uri",
                HiveMetastoreServer.uri(port),
                "open-days",
                "36500"));
    long t = System.nanoTime();
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      System.out.println("open " + (System.nanoTime() - t) / 1000000);
      t = System.nanoTime();
      TablePlan.of(LakeHome.find(), config, catalog).apply(catalog);
      System.out.println("applied " + (System.nanoTime() - t) / 1000000);
      t = System.nanoTime();
      assertThat(TablePlan.of(LakeHome.find(), config, catalog).allChanges()).isEmpty();
      System.out.println("planned " + (System.nanoTime() - t) / 1000000);
      t = System.nanoTime();
      FlinkSession.openBatch(config)
          .executeSql(
              "INSERT INTO dim_region SELECT 1, 'a', 'DE', TIMESTAMP '2026-01-01 00:00:00', FALSE, 3, 1")
          .await();
      System.out.println("inserted " + (System.nanoTime() - t) / 1000000);
      t = System.nanoTime();
      FlinkSession.openBatch(config).executeSql("SELECT * FROM dim_region_clean").print();
      System.out.println("selected " + (System.nanoTime() - t) / 1000000);
    }
    org.apache.hadoop.conf.Configuration c =
        org.apache.hadoop.hive.metastore.conf.MetastoreConf.newMetastoreConf();
    c.set("hive.metastore.uris", HiveMetastoreServer.uri(port));
    HiveMetaStoreClient client = new HiveMetaStoreClient(c);
    for (int round = 0; round < 5; round++) {
      t = System.nanoTime();
      for (int i = 0; i < 200; i++) {
        var component =
            new org.apache.hadoop.hive.metastore.api.LockComponent(
                org.apache.hadoop.hive.metastore.api.LockType.EXCLUSIVE,
                org.apache.hadoop.hive.metastore.api.LockLevel.TABLE,
                "lake");
        component.setTablename("dim_region");
        component.unsetOperationType();
        var answer =
            client.lock(
                new org.apache.hadoop.hive.metastore.api.LockRequest(
                    java.util.List.of(component), "root", "here"));
        assertThat(answer.getState())
            .isEqualTo(org.apache.hadoop.hive.metastore.api.LockState.ACQUIRED);
        client.unlock(answer.getLockid());
      }
      System.out.println("lock " + (System.nanoTime() - t) / 200000 + " us");
    }
    for (long pid : server.pids()) {
      System.out.println(
          java.nio.file.Files.readString(Path.of("/proc/" + pid + "/status"))
              .lines()
              .filter(l -> l.startsWith("VmRSS"))
              .toList());
      System.out.println(java.nio.file.Files.readString(Path.of("/proc/" + pid + "/stat")));
    }
  }
}
