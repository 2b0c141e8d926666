/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.schema.TableFiles;
import io.tidelake.tables.schema.TablePlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.types.RowKind;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Clean views of real Paimon tables. */
@Timeout(120)
class CleanViewTest {

  private static final String PARCEL =
      """
      CREATE TABLE dwd_parcel (
        parcel_id INT NOT NULL,
        `day` STRING COMMENT 'A keyword in Flink',
        parcel_version BIGINT,
        outbound_at STRING,
        outbound_version BIGINT,
        is_deleted BOOLEAN,
        is_deleted_version BIGINT,
        PRIMARY KEY (parcel_id) NOT ENFORCED
      ) COMMENT 'Parcels'
      WITH (
        'bucket' = '1',
        'merge-engine' = 'partial-update',
        'changelog-producer' = 'lookup',
        'fields.parcel_version.sequence-group' = 'day',
        'fields.outbound_version.sequence-group' = 'outbound_at',
        'fields.is_deleted_version.sequence-group' = 'is_deleted'
      );
      """;

  private static final String CITY =
      """
      CREATE TABLE dim_city (
        city_id INT NOT NULL,
        city_name STRING,
        is_deleted BOOLEAN NOT NULL,
        row_version BIGINT NOT NULL,
        log_position BIGINT,
        PRIMARY KEY (city_id) NOT ENFORCED
      ) COMMENT 'Cities'
      WITH (
        'bucket' = '1',
        'sequence.field' = 'row_version,log_position',
        'scan.remove-normalize' = 'true'
      );
      """;

  private static final String COUNTS =
      "CREATE TABLE dws_count (a INT, b INT, PRIMARY KEY (a) NOT ENFORCED) WITH ('bucket' = '1');";

  @TempDir private static Path folder;
  private static LakeConfig config;

  @BeforeAll
  static void writeRows() throws Exception {
    config =
        LakeConfig.load(ProjectFile.find(), Map.of())
            .withTableOptions(Map.of())
            .withFlink(
                Map.of("parallelism.default", "1", "execution.checkpointing.interval", "300 ms"))
            .withWarehouse(folder.resolve("warehouse"));
    write("dwd/dwd_parcel.sql", PARCEL);
    write("dim/dim_city.sql", CITY);
    write("dws/dws_count.sql", COUNTS);
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      TablePlan.of(new TableFiles(folder.resolve("tables"), Map.of()).read(), catalog)
          .apply(catalog);
    }
    insert(
        "dwd_parcel (parcel_id, `day`, parcel_version, is_deleted, is_deleted_version)",
        "(1, 'kept', 1, FALSE, 1), (2, 'deleted', 1, TRUE, 5), (3, 'deleted', 1, TRUE, 5)");
    insert(
        "dwd_parcel (parcel_id, `day`, parcel_version, is_deleted, is_deleted_version)",
        "(2, 'late snapshot', 0, FALSE, 4), (3, 'created again', 6, FALSE, 6)");
    insert("dwd_parcel (parcel_id, outbound_at, outbound_version)", "(4, 'milestone only', 1)");
    insert("dim_city", "(1, 'kept', FALSE, 1, 1), (2, 'gone', TRUE, 2, 1)");
  }

  @Test
  void hidesDeletedRowsAndVersions() throws Exception {
    TableEnvironment session = FlinkSession.openBatch(config);
    assertThat(session.from("dwd_parcel_clean").getResolvedSchema().getColumnNames())
        .containsExactly("parcel_id", "day", "outbound_at");
    assertThat(rows(session, "SELECT * FROM dwd_parcel_clean ORDER BY parcel_id"))
        .containsExactly(
            Row.of(1, "kept", null),
            Row.of(3, "created again", null),
            Row.of(4, null, "milestone only"));
    assertThat(session.from("dim_city_clean").getResolvedSchema().getColumnNames())
        .containsExactly("city_id", "city_name");
    assertThat(rows(session, "SELECT * FROM dim_city_clean")).containsExactly(Row.of(1, "kept"));
  }

  @Test
  void isFoundFromAnotherDatabase() throws Exception {
    TableEnvironment session = FlinkSession.openBatch(config);
    session.useCatalog("default_catalog");
    assertThat(rows(session, "SELECT city_name FROM tidelake.lake.dim_city_clean"))
        .containsExactly(Row.of("kept"));
  }

  @Test
  void isListedForTablesWithVersionsOnly() {
    assertThat(FlinkSession.openBatch(config).listViews())
        .containsExactlyInAnyOrder("dim_city_clean", "dwd_parcel_clean");
    assertThat(stream().listViews()).containsExactly("dwd_parcel_clean");
    assertThatThrownBy(() -> FlinkSession.openBatch(config).from("dws_count_clean"))
        .hasMessageContaining("dws_count_clean");
  }

  @Test
  void aDamagedTableHidesNoOther(@TempDir Path other) throws Exception {
    LakeConfig damaged = config.withWarehouse(other);
    try (LakeCatalog catalog = LakeCatalog.open(damaged)) {
      TablePlan.of(new TableFiles(folder.resolve("tables"), Map.of()).read(), catalog)
          .apply(catalog);
    }
    Files.writeString(other.resolve("lake.db/dim_city/schema/schema-0"), "{");
    assertThat(FlinkSession.openBatch(damaged).listViews()).containsExactly("dwd_parcel_clean");
  }

  @Test
  void followsTheTableAsAStream() throws Exception {
    TableEnvironment session = stream();
    try (CloseableIterator<Row> changes =
        session.executeSql("SELECT parcel_id FROM dwd_parcel_clean").collect()) {
      assertThat(List.of(changes.next(), changes.next(), changes.next()))
          .extracting(row -> row.getField(0))
          .containsExactlyInAnyOrder(1, 3, 4);
      insert("dwd_parcel (parcel_id, is_deleted, is_deleted_version)", "(1, TRUE, 9)");
      Row deletion = changes.next();
      assertThat(deletion.getKind()).isIn(RowKind.DELETE, RowKind.UPDATE_BEFORE);
      assertThat(deletion.getField(0)).isEqualTo(1);
      insert("dwd_parcel (parcel_id, is_deleted, is_deleted_version)", "(1, FALSE, 10)");
      Row creation = changes.next();
      assertThat(creation.getKind()).isIn(RowKind.INSERT, RowKind.UPDATE_AFTER);
      assertThat(creation.getField(0)).isEqualTo(1);
    }
  }

  @Test
  void refusesAStreamThatWouldMissDeletions() {
    assertThatThrownBy(() -> stream().executeSql("SELECT * FROM dim_city_clean"))
        .rootCause()
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.VIEW_NOT_STREAMABLE))
        .hasMessageContaining("dim_city_clean");
  }

  @Test
  void theStatementsOfTheProjectsTablesAreValid() throws Exception {
    LakeConfig real =
        LakeConfig.load(ProjectFile.find(), Map.of()).withWarehouse(folder.resolve("project"));
    List<TableDefinition> files = TableFiles.of(real).read();
    try (LakeCatalog catalog = LakeCatalog.open(real)) {
      TablePlan.of(files, catalog).apply(catalog);
    }
    List<CleanView> views = files.stream().flatMap(file -> CleanView.of(file).stream()).toList();
    assertThat(views)
        .extracting(CleanView::name)
        .contains("ods_trade_order_clean", "dim_region_clean", "dwd_fulfillment_wide_clean")
        .doesNotContain("ads_overview_clean", "dwd_import_fulfillment_clean");
    TableEnvironment session = FlinkSession.openBatch(real);
    for (CleanView view : views) {
      assertThat(view.columns())
          .noneMatch(column -> column.endsWith("_version"))
          .doesNotContain("log_position", "is_deleted");
      session.executeSql(view.statement().replace("CREATE VIEW", "CREATE TEMPORARY VIEW"));
      assertThat(session.from(view.name()).getResolvedSchema().getColumnNames())
          .isEqualTo(view.columns());
    }
  }

  @Test
  void theStatementIsPlainSql() {
    assertThat(new CleanView("dim_city", List.of("city_id", "city_name"), true).statement())
        .isEqualTo(
            """
            CREATE VIEW dim_city_clean AS
            SELECT
              city_id,
              city_name
            FROM dim_city
            WHERE is_deleted IS NOT TRUE""");
  }

  private static void insert(String target, String rows) throws Exception {
    FlinkSession.openBatch(config).executeSql("INSERT INTO " + target + " VALUES " + rows).await();
  }

  private static TableEnvironment stream() {
    return FlinkSession.open(config, RuntimeExecutionMode.STREAMING, new Configuration());
  }

  private static List<Row> rows(TableEnvironment session, String query) throws Exception {
    List<Row> rows = new ArrayList<>();
    try (CloseableIterator<Row> result = session.executeSql(query).collect()) {
      // A batch read may say +U.
      result.forEachRemaining(
          row -> {
            row.setKind(RowKind.INSERT);
            rows.add(row);
          });
    }
    return rows;
  }

  private static void write(String name, String text) throws Exception {
    Path file = folder.resolve("tables").resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}
