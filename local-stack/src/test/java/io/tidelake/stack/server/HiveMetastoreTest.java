/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.model.TableChange;
import io.tidelake.tables.model.TableChange.Kind;
import io.tidelake.tables.model.TableDefinition;
import io.tidelake.tables.schema.TableFiles;
import io.tidelake.tables.schema.TablePlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.commons.io.FileUtils;
import org.apache.flink.table.api.TableResult;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.hadoop.hive.metastore.IMetaStoreClient;
import org.apache.hadoop.hive.metastore.api.Database;
import org.apache.hadoop.hive.metastore.api.FieldSchema;
import org.apache.hadoop.hive.metastore.api.LockComponent;
import org.apache.hadoop.hive.metastore.api.LockLevel;
import org.apache.hadoop.hive.metastore.api.LockRequest;
import org.apache.hadoop.hive.metastore.api.LockState;
import org.apache.hadoop.hive.metastore.api.LockType;
import org.apache.hadoop.hive.metastore.api.ShowLocksRequest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The lake's tables in a real Hive Metastore, seen by Hive's own client. */
@Timeout(value = 3, unit = TimeUnit.MINUTES)
class HiveMetastoreTest {

  private static final String DATABASE = "lake";

  @TempDir private static Path workDir;

  private static TestMetastore metastore;

  @TempDir private Path folder;

  @BeforeAll
  static void start() throws Exception {
    metastore = TestMetastore.start(workDir);
  }

  @AfterAll
  static void stop() {
    metastore.close();
  }

  @Test
  void showsAllTablesWithColumnsAndCommentsToAnyClient() throws Exception {
    LakeConfig config = config("whole", workDir.resolve("whole"));
    List<TableDefinition> files = TableFiles.of(config).read();
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      TablePlan.of(files, catalog).apply(catalog);

      assertThat(TablePlan.of(files, catalog).changes()).isEmpty();
      assertThat(metastore.client().getAllTables("whole"))
          .containsExactlyInAnyOrderElementsOf(files.stream().map(TableDefinition::name).toList());
      for (TableDefinition file : files) {
        assertThat(columns("whole", file.name())).isEqualTo(commentsOf(file));
        assertThat(metastore.client().getTable("whole", file.name()).getParameters())
            .containsEntry("comment", file.comment());
      }
    }
    assertThat(metastore.client().getFields("whole", "ads_overview"))
        .extracting(FieldSchema::getName, FieldSchema::getType)
        .contains(tuple("dt", "string"), tuple("created_count", "bigint"));
  }

  @Test
  void followsChangesOfATable() throws Exception {
    try (LakeCatalog catalog = LakeCatalog.open(config())) {
      apply(
          catalog,
          """
          CREATE TABLE dim_changing (
            id INT NOT NULL COMMENT 'Key',
            name STRING COMMENT 'Its name',
            size INT COMMENT 'In metres',
            dropped STRING COMMENT 'To be dropped',
            row_version BIGINT NOT NULL COMMENT 'Version',
            PRIMARY KEY (id) NOT ENFORCED
          ) COMMENT 'Before'
          WITH ('bucket' = '1', 'merge-engine' = 'deduplicate', 'sequence.field' = 'row_version');
          """);
      sql(config(), "INSERT INTO dim_changing VALUES (1, 'one', 10, 'x', 1)");

      List<TableDefinition> file =
          file(
              """
              CREATE TABLE dim_changing (
                id INT NOT NULL COMMENT 'Key',
                size BIGINT COMMENT 'In millimetres',
                added DECIMAL(10, 2) COMMENT 'New',
                title STRING COMMENT 'Its name', -- renamed from name
                row_version BIGINT NOT NULL COMMENT 'Version',
                PRIMARY KEY (id) NOT ENFORCED
              ) COMMENT 'After'
              WITH (
                'bucket' = '1', 'merge-engine' = 'deduplicate', 'sequence.field' = 'row_version',
                'snapshot.time-retained' = '2 h'
              );
              """);
      TablePlan plan = TablePlan.of(file, catalog);
      assertThat(plan.allChanges())
          .extracting(TableChange::kind)
          .containsExactlyInAnyOrder(
              Kind.CHANGE_TABLE_COMMENT,
              Kind.RENAME_COLUMN,
              Kind.WIDEN_COLUMN,
              Kind.CHANGE_COLUMN_COMMENT,
              Kind.ADD_COLUMN,
              Kind.DROP_COLUMN,
              Kind.REORDER_COLUMNS,
              Kind.SET_OPTION);
      plan.applyForced(catalog);

      assertThat(TablePlan.of(file, catalog).changes()).isEmpty();
      assertThat(columns(DATABASE, "dim_changing")).isEqualTo(commentsOf(file.get(0)));
      assertThat(metastore.client().getFields(DATABASE, "dim_changing"))
          .extracting(FieldSchema::getType)
          .containsExactly("int", "bigint", "decimal(10,2)", "string", "bigint");
      assertThat(metastore.client().getTable(DATABASE, "dim_changing").getParameters())
          .containsEntry("comment", "After")
          .containsEntry("snapshot.time-retained", "2 h");
      assertThat(rows(config(), "SELECT id, size, added, title FROM dim_changing"))
          .containsExactly("+I[1, 10, null, one]");
    }
  }

  @Test
  void commitsUnderTheLockOfTheMetastore() throws Exception {
    try (LakeCatalog catalog = LakeCatalog.open(config())) {
      apply(
          catalog,
          """
          CREATE TABLE dim_locked (
            id INT NOT NULL COMMENT 'Key',
            is_deleted BOOLEAN NOT NULL COMMENT 'Deleted',
            row_version BIGINT NOT NULL COMMENT 'Version',
            PRIMARY KEY (id) NOT ENFORCED
          ) COMMENT 'Locked'
          WITH ('bucket' = '1', 'merge-engine' = 'deduplicate', 'sequence.field' = 'row_version');
          """);
      LockComponent component = new LockComponent(LockType.EXCLUSIVE, LockLevel.TABLE, DATABASE);
      component.setTablename("dim_locked");
      component.unsetOperationType();
      IMetaStoreClient client = metastore.client();
      long lock = client.lock(new LockRequest(List.of(component), "somebody", "else")).getLockid();
      assertThat(client.checkLock(lock).getState()).isEqualTo(LockState.ACQUIRED);

      TableResult insert =
          FlinkSession.openBatch(config())
              .executeSql("INSERT INTO dim_locked VALUES (1, FALSE, 1), (2, TRUE, 1)");
      await("a second lock that waits")
          .atMost(Duration.ofSeconds(20))
          .until(() -> client.showLocks(new ShowLocksRequest()).getLocksSize() == 2);
      await("nothing is committed meanwhile")
          .during(Duration.ofSeconds(1))
          .atMost(Duration.ofSeconds(3))
          .until(() -> catalog.latestSnapshotId("dim_locked") == 0);

      client.unlock(lock);
      insert.await(20, TimeUnit.SECONDS);
      assertThat(rows(config(), "SELECT * FROM dim_locked_clean")).containsExactly("+I[1]");
    }
  }

  @Test
  void takesOverTablesThatTheFileSystemKnows() throws Exception {
    String before =
        """
        CREATE TABLE dim_moved (
          id INT NOT NULL COMMENT 'Key',
          is_deleted BOOLEAN NOT NULL COMMENT 'Deleted',
          row_version BIGINT NOT NULL COMMENT 'Version',
          PRIMARY KEY (id) NOT ENFORCED
        ) COMMENT 'Moved'
        WITH ('bucket' = '1', 'merge-engine' = 'deduplicate', 'sequence.field' = 'row_version');
        """;
    Path warehouse = folder.resolve("warehouse");
    Map<String, String> overrides = Map.of("database", "moved");
    LakeConfig files = LakeConfig.load(ProjectFile.find(), overrides).withWarehouse(warehouse);
    try (LakeCatalog catalog = LakeCatalog.open(files)) {
      apply(catalog, before);
    }
    sql(files, "INSERT INTO dim_moved VALUES (1, FALSE, 1), (2, TRUE, 1)");

    LakeConfig hive = config("moved", warehouse);
    try (LakeCatalog catalog = LakeCatalog.open(hive)) {
      assertThat(catalog.findTable("dim_moved")).isEmpty();
      TablePlan plan = TablePlan.of(file(before.replace("'Moved'", "'Here'")), catalog);
      assertThat(plan.allChanges())
          .extracting(TableChange::kind)
          .containsExactly(Kind.REGISTER_TABLE, Kind.CHANGE_TABLE_COMMENT);
      assertThat(plan.allChanges().get(0).describe())
          .isEqualTo("register table: file:" + warehouse.resolve("moved.db/dim_moved"));
      plan.apply(catalog);

      assertThat(TablePlan.of(file(before.replace("'Moved'", "'Here'")), catalog).changes())
          .isEmpty();
      assertThat(columns("moved", "dim_moved")).containsEntry("is_deleted", "Deleted");
    }
    assertThat(rows(hive, "SELECT * FROM dim_moved_clean")).containsExactly("+I[1]");

    String renamed =
        before.replace("id INT NOT NULL COMMENT 'Key'", "id INT NOT NULL COMMENT 'New'");
    try (LakeCatalog catalog = LakeCatalog.open(files)) {
      apply(catalog, renamed);
    }
    try (LakeCatalog catalog = LakeCatalog.open(hive)) {
      assertThat(TablePlan.of(file(renamed), catalog).allChanges())
          .extracting(TableChange::kind)
          .containsExactly(Kind.REGISTER_TABLE);
      apply(catalog, renamed);
      assertThat(columns("moved", "dim_moved")).containsEntry("id", "New");
      assertThat(TablePlan.of(file(renamed), catalog).changes()).isEmpty();
    }
  }

  @Test
  void refusesAFolderThatLostItsSchema() throws Exception {
    String table =
        """
        CREATE TABLE dim_damaged (
          id INT NOT NULL COMMENT 'Key',
          row_version BIGINT NOT NULL COMMENT 'Version',
          PRIMARY KEY (id) NOT ENFORCED
        ) COMMENT 'Damaged'
        WITH ('bucket' = '1', 'merge-engine' = 'deduplicate', 'sequence.field' = 'row_version');
        """;
    Path warehouse = folder.resolve("warehouse");
    LakeConfig config = config("damaged", warehouse);
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      apply(catalog, table);
      sql(config, "INSERT INTO dim_damaged VALUES (1, 1)");
    }
    FileUtils.deleteDirectory(warehouse.resolve("damaged.db/dim_damaged/schema").toFile());

    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      assertThatThrownBy(() -> TablePlan.of(file(table), catalog))
          .isInstanceOfSatisfying(
              LakeException.class,
              error -> assertThat(error.code()).isEqualTo(ErrorCode.TABLE_UNREADABLE))
          .hasMessageContaining("dim_damaged");
    }
  }

  @Test
  void keepsItsTablesWhenItIsKilled() throws Exception {
    metastore
        .client()
        .createDatabase(new Database("kept", "By a test", folder.toUri().toString(), Map.of()));
    assertThat(metastore.kill()).isPresent();

    LakeConfig config = config("whole", folder);
    assertThatThrownBy(() -> LakeCatalog.open(config))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.METASTORE_UNAVAILABLE))
        .hasMessageContaining(metastore.uri())
        .hasMessageContaining("Connection refused");

    metastore.startAgain();
    assertThat(metastore.client().getDatabase("kept").getDescription()).isEqualTo("By a test");
  }

  @Test
  void listensOnLoopbackOnly() throws Exception {
    String address = "%04X".formatted(metastore.port());
    List<String> listening = new ArrayList<>();
    for (String file : List.of("/proc/net/tcp", "/proc/net/tcp6")) {
      Files.readAllLines(Path.of(file)).stream()
          .map(line -> line.strip().split(" +"))
          .filter(fields -> fields[1].endsWith(":" + address) && fields[3].equals("0A"))
          .forEach(fields -> listening.add(fields[1].replace(":" + address, "")));
    }
    assertThat(listening).isNotEmpty().isSubsetOf("0100007F", "0000000000000000FFFF00000100007F");
  }

  private static LakeConfig config(String database, Path warehouse) {
    return LakeConfig.load(
        ProjectFile.find(),
        Map.of(
            "database",
            database,
            "catalog/warehouse",
            warehouse.toString(),
            "catalog/metastore",
            "hive",
            "catalog/uri",
            metastore.uri()));
  }

  private static LakeConfig config() {
    return config(DATABASE, workDir.resolve("warehouse"));
  }

  private List<TableDefinition> file(String sql) throws Exception {
    Path tables = folder.resolve("tables");
    Files.writeString(
        Files.createDirectories(tables.resolve("dim")).resolve(sql.split(" ")[2] + ".sql"),
        "-- A table of a test.\n-- Grain: one row per key. Freshness: none.\n" + sql);
    return new TableFiles(tables, Map.of()).read();
  }

  private void apply(LakeCatalog catalog, String sql) throws Exception {
    TablePlan.of(file(sql), catalog).apply(catalog);
  }

  /** Comments by column, in order, as Hive's client sees them. */
  private static Map<String, String> columns(String database, String table) throws Exception {
    Map<String, String> columns = new LinkedHashMap<>();
    for (FieldSchema column : metastore.client().getSchema(database, table)) {
      columns.put(column.getName(), column.getComment());
    }
    return columns;
  }

  private static Map<String, String> commentsOf(TableDefinition file) {
    Map<String, String> columns = new LinkedHashMap<>();
    file.columns().forEach(column -> columns.put(column.name(), column.comment()));
    return columns;
  }

  private static void sql(LakeConfig config, String statement) throws Exception {
    FlinkSession.openBatch(config).executeSql(statement).await();
  }

  private static List<String> rows(LakeConfig config, String query) throws Exception {
    try (CloseableIterator<Row> rows = FlinkSession.openBatch(config).executeSql(query).collect()) {
      List<String> texts = new ArrayList<>();
      rows.forEachRemaining(row -> texts.add(row.toString()));
      return texts;
    }
  }
}
