/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.merge.paimon.ColumnGroupMergeFunction;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.io.ReadableRows;
import io.tidelake.tables.model.Column;
import io.tidelake.tables.model.TableChange;
import io.tidelake.tables.model.TableChange.Kind;
import io.tidelake.tables.model.TableDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.paimon.table.PrimaryKeyTableUtils;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of real Paimon tables that hold two rows. */
class TablePlanTest {

  private static final String PARCEL =
      """
      CREATE TABLE dwd_parcel (
        dt STRING NOT NULL COMMENT 'Day',
        parcel_id INT NOT NULL COMMENT 'Parcel',
        weight INT COMMENT 'Weight in grams',
        price DECIMAL(6, 2) COMMENT 'Price',
        note STRING COMMENT 'Remark',
        weight_version BIGINT COMMENT 'Version of weight',
        PRIMARY KEY (dt, parcel_id) NOT ENFORCED
      ) COMMENT 'Parcels'
      PARTITIONED BY (dt)
      WITH (
        'bucket' = '1',
        'merge-engine' = 'partial-update',
        'fields.weight_version.sequence-group' = 'weight,price,note',
        'snapshot.num-retained.min' = '5'
      );
      """;

  @TempDir private static Path template;
  @TempDir private Path folder;
  private LakeConfig config;

  /** Jobs take seconds: the rows are written once and each test gets a copy. */
  @BeforeAll
  static void writeTwoRows() throws Exception {
    LakeConfig config = config(template);
    write(template, PARCEL);
    apply(template, config);
    FlinkSession.openBatch(config)
        .executeSql(
            "INSERT INTO dwd_parcel VALUES"
                + " ('2026-06-18', 1, 100, 1.50, 'a', 1), ('2026-06-19', 2, 200, 2.50, 'b', 1)")
        .await();
  }

  @BeforeEach
  void copyTemplate() throws IOException {
    try (Stream<Path> files = Files.walk(template)) {
      for (Path file : files.toList()) {
        Path copy = folder.resolve(template.relativize(file).toString());
        if (!Files.isDirectory(copy)) {
          Files.copy(file, copy);
        }
      }
    }
    config = config(folder);
  }

  @Test
  void createsAllTablesOfTheProjectAndThenFindsNothingToDo(@TempDir Path warehouse) {
    LakeConfig real = LakeConfig.load(ProjectFile.find(), Map.of()).withWarehouse(warehouse);
    List<TableDefinition> files = TableFiles.of(real).read();
    try (LakeCatalog catalog = LakeCatalog.open(real)) {
      TablePlan plan = TablePlan.of(files, catalog);
      assertThat(plan.allChanges())
          .hasSameSizeAs(files)
          .allSatisfy(change -> assertThat(change.kind()).isEqualTo(Kind.CREATE_TABLE));
      plan.apply(catalog);
    }
    try (LakeCatalog catalog = LakeCatalog.open(real)) {
      assertThat(TablePlan.of(files, catalog)).isEqualTo(new TablePlan(Map.of(), List.of()));
      assertThat(ReadableRows.count(catalog.table("ads_overview"))).isZero();
      assertThat(files)
          .filteredOn(file -> !file.columnGroups().isEmpty())
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(
                          PrimaryKeyTableUtils.createMergeFunctionFactory(
                                  catalog.table(file.name()).schema())
                              .create())
                      .isInstanceOf(ColumnGroupMergeFunction.class));
      assertThat(catalog.latestSnapshotId("ads_overview")).isZero();
    }
  }

  @Test
  void nothingToDoForEqualTables() {
    assertThat(plan(PARCEL).allChanges()).isEmpty();
  }

  @Test
  void addsColumnsAtTheirPlaces() {
    String file =
        PARCEL
            .replace("weight INT", "height INT, width INT COMMENT 'Width', weight INT")
            .replace("'Version of weight',", "'Version of weight', depth DOUBLE,")
            .replace("'weight,price", "'height,width,depth,weight,price");
    assertThat(kinds(plan(file)))
        .containsExactly(Kind.ADD_COLUMN, Kind.ADD_COLUMN, Kind.ADD_COLUMN, Kind.SET_OPTION);
    apply(file);
    assertThat(columnNames())
        .containsExactly(
            "dt",
            "parcel_id",
            "height",
            "width",
            "weight",
            "price",
            "note",
            "weight_version",
            "depth");
    assertThat(rows("parcel_id, width, weight, depth"))
        .containsExactly(List.of(1, "-", 100, "-"), List.of(2, "-", 200, "-"));
  }

  @Test
  void renamesAColumnWithItsOptionsAndKeepsItsValues() {
    String file =
        PARCEL
            .replace(
                "weight INT COMMENT 'Weight in grams',",
                "grams INT COMMENT 'Weight in grams', -- renamed from weight")
            .replace("'weight,", "'grams,");
    assertThat(kinds(plan(file))).containsExactly(Kind.RENAME_COLUMN);
    apply(file);
    assertThat(rows("parcel_id, grams")).containsExactly(List.of(1, 100), List.of(2, 200));
  }

  @Test
  void renamesTheVersionOfAColumnGroup() {
    String file =
        PARCEL
            .replace("'Version of weight',", "'Version of weight', -- renamed from weight_version")
            .replace("weight_version BIGINT", "grams_version BIGINT")
            .replace("fields.weight_version", "fields.grams_version");
    apply(file);
    assertThat(plan(file).allChanges()).isEmpty();
    assertThat(rows("parcel_id, weight, grams_version"))
        .containsExactly(List.of(1, 100, 1L), List.of(2, 200, 1L));
  }

  @Test
  void renamesAndWidensAtOnce() {
    String file =
        PARCEL.replace(
            "note STRING COMMENT 'Remark',\n  weight_version BIGINT",
            "remark STRING COMMENT 'Free text', -- renamed from note\n  weight_version BIGINT");
    file =
        file.replace(
                "price DECIMAL(6, 2) COMMENT 'Price',",
                "amount DECIMAL(12, 4) COMMENT 'Price', -- renamed from price")
            .replace("'weight,price,note'", "'weight,amount,remark'");
    assertThat(kinds(plan(file)))
        .containsExactly(
            Kind.RENAME_COLUMN, Kind.RENAME_COLUMN, Kind.WIDEN_COLUMN, Kind.CHANGE_COLUMN_COMMENT);
    apply(file);
    assertThat(rows("remark, CAST(amount AS STRING)"))
        .containsExactly(List.of("a", "1.5000"), List.of("b", "2.5000"));
  }

  @Test
  void aNewColumnTakesTheNameOfARenamedOne() {
    String file =
        PARCEL
            .replace(
                "note STRING COMMENT 'Remark',",
                "note STRING COMMENT 'Short',\n  old_note STRING COMMENT 'Remark', -- renamed from note\n")
            .replace("'weight,price,note'", "'weight,price,note,old_note'");
    assertThat(kinds(plan(file)))
        .containsExactly(Kind.RENAME_COLUMN, Kind.ADD_COLUMN, Kind.SET_OPTION);
    apply(file);
    assertThat(rows("note, old_note")).containsExactly(List.of("-", "a"), List.of("-", "b"));
  }

  @Test
  void createsAndAddsColumnsOfEveryType(@TempDir Path other) throws IOException {
    List<String> types =
        List.of(
            "BOOLEAN",
            "TINYINT",
            "SMALLINT",
            "INT",
            "BIGINT",
            "FLOAT",
            "DOUBLE",
            "DECIMAL(38, 18)",
            "CHAR(3)",
            "VARCHAR(5)",
            "STRING",
            "BINARY(3)",
            "VARBINARY(5)",
            "BYTES",
            "DATE",
            "TIME(3)",
            "TIMESTAMP(0)",
            "TIMESTAMP(9)",
            "TIMESTAMP_LTZ(3)",
            "TIMESTAMP_LTZ(6)",
            "VARIANT",
            "MAP<BIGINT, DECIMAL(18, 2)>",
            "MAP<STRING, TIMESTAMP_LTZ(6)>",
            "MAP<BIGINT NOT NULL, STRING NOT NULL>");
    StringBuilder columns = new StringBuilder();
    StringBuilder group = new StringBuilder();
    for (int i = 0; i < types.size(); i++) {
      columns.append("c").append(i).append(" ").append(types.get(i)).append(", ");
      group.append("c").append(i).append(",");
    }
    String file =
        PARCEL
            .replace("weight INT", columns + "weight INT")
            .replace("'weight,price", "'" + group + "weight,price");
    assertThat(kinds(plan(file))).contains(Kind.ADD_COLUMN).doesNotContain(Kind.CREATE_TABLE);
    apply(file);
    write(other, file);
    apply(other, config(other));
    try (LakeCatalog catalog = LakeCatalog.open(config(other))) {
      assertThat(TablePlan.of(read(), catalog).allChanges()).isEmpty();
    }
  }

  @Test
  void keepsTheMapsOfATable() throws Exception {
    String file =
        PARCEL
            .replace("note STRING", "amounts MAP<BIGINT, DECIMAL(18, 2)>, note STRING")
            .replace("price,note", "price,amounts,note");
    apply(file);
    FlinkSession.openBatch(config)
        .executeSql(
            "INSERT INTO dwd_parcel (dt, parcel_id, amounts, weight_version)"
                + " VALUES ('2026-06-18', 1, MAP[7, CAST(1.25 AS DECIMAL(18, 2))], 2)")
        .await();
    String renamed =
        file.replace(
                "amounts MAP<BIGINT, DECIMAL(18, 2)>,",
                "sums MAP<BIGINT, DECIMAL(18, 2)>, -- renamed from amounts\n")
            .replace("price,amounts,note", "price,sums,note");
    assertThat(kinds(plan(renamed))).containsExactly(Kind.RENAME_COLUMN);
    apply(renamed);
    assertThat(rows("parcel_id, CAST(sums[7] AS STRING)"))
        .containsExactly(List.of(1, "1.25"), List.of(2, "-"));
    assertImpossible(
        renamed.replace("MAP<BIGINT, DECIMAL(18", "MAP<BIGINT, DECIMAL(20"),
        renamed,
        Kind.CHANGE_COLUMN_TYPE);
  }

  @Test
  void widensTypes() {
    String file = PARCEL.replace("weight INT", "weight BIGINT").replace("DECIMAL(6", "DECIMAL(20");
    assertThat(kinds(plan(file))).containsExactly(Kind.WIDEN_COLUMN, Kind.WIDEN_COLUMN);
    apply(file);
    assertThat(rows("weight, CAST(price AS STRING)"))
        .containsExactly(List.of(100L, "1.50"), List.of(200L, "2.50"));
  }

  @Test
  void reordersColumns() {
    String file =
        PARCEL
            .replace("  note STRING COMMENT 'Remark',\n", "")
            .replace("  weight INT", "  note STRING COMMENT 'Remark',\n  weight INT");
    assertThat(plan(file).allChanges())
        .extracting(TableChange::describe)
        .containsExactly("reorder columns: [weight, price, note] -> [note, weight, price]");
    apply(file);
    assertThat(columnNames())
        .containsExactly("dt", "parcel_id", "note", "weight", "price", "weight_version");
    assertThat(rows("note, weight")).containsExactly(List.of("a", 100), List.of("b", 200));
  }

  @Test
  void changesComments() {
    String file = PARCEL.replace("'Remark'", "'Free text'").replace("'Parcels'", "'All parcels'");
    assertThat(kinds(plan(file)))
        .containsExactly(Kind.CHANGE_TABLE_COMMENT, Kind.CHANGE_COLUMN_COMMENT);
    apply(file);
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      TableDefinition parcel = catalog.find("dwd_parcel").orElseThrow();
      assertThat(parcel.comment()).isEqualTo("All parcels");
      assertThat(parcel.column("note").orElseThrow().comment()).isEqualTo("Free text");
      assertThat(ReadableRows.count(catalog.table("dwd_parcel"))).isEqualTo(2);
      assertThat(ReadableRows.sum(catalog.table("dwd_parcel"), "weight_version", "")).isEqualTo(2);
    }
  }

  @Test
  void setsAndRemovesOptions() {
    String file =
        PARCEL.replace(
            "'snapshot.num-retained.min' = '5'",
            "'write-only' = 'true', 'changelog-producer' = 'lookup'");
    assertThat(kinds(plan(file)))
        .containsExactly(Kind.SET_OPTION, Kind.REMOVE_OPTION, Kind.SET_OPTION);
    apply(file);
    assertThat(rows("parcel_id")).hasSize(2);
  }

  @Test
  void dropsAColumnOnlyWhenForced() {
    String file =
        PARCEL.replace("  note STRING COMMENT 'Remark',\n", "").replace("price,note", "price");
    TablePlan plan = plan(file);
    assertThat(kinds(plan)).containsExactly(Kind.DROP_COLUMN, Kind.SET_OPTION);
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      assertRefused(
          () -> plan.apply(catalog), ErrorCode.TABLE_CHANGE_DESTRUCTIVE, "drop column note");
      assertThat(columnNames()).contains("note");
      plan.applyForced(catalog);
    }
    assertThat(plan(file).allChanges()).isEmpty();
    assertThat(columnNames()).doesNotContain("note");
    assertThat(rows("weight")).containsExactly(List.of(100), List.of(200));
  }

  @Test
  void narrowingIsDestructive() {
    assertThat(kinds(plan(PARCEL.replace("weight INT", "weight SMALLINT"))))
        .containsExactly(Kind.NARROW_COLUMN);
    assertThat(kinds(plan(PARCEL.replace("DECIMAL(6, 2)", "DECIMAL(5, 2)"))))
        .containsExactly(Kind.NARROW_COLUMN);
    assertThat(kinds(plan(PARCEL.replace("DECIMAL(6, 2)", "DECIMAL(6, 3)"))))
        .containsExactly(Kind.NARROW_COLUMN);
    assertThat(kinds(plan(PARCEL.replace("note STRING", "note VARCHAR(3)"))))
        .containsExactly(Kind.NARROW_COLUMN);
    assertThat(kinds(plan(PARCEL.replace("weight INT", "weight FLOAT"))))
        .containsExactly(Kind.NARROW_COLUMN);
  }

  @Test
  void narrowsWhenForced() {
    String file = PARCEL.replace("weight INT", "weight SMALLINT");
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      plan(file).applyForced(catalog);
    }
    assertThat(rows("CAST(weight AS INT)")).containsExactly(List.of(100), List.of(200));
  }

  @Test
  void refusesWhatPaimonCannotChange() {
    assertImpossible(
        PARCEL.replace("KEY (dt, parcel_id)", "KEY (parcel_id, dt)"), Kind.CHANGE_PRIMARY_KEY);
    assertImpossible(PARCEL.replace("parcel_id INT", "parcel_id BIGINT"), Kind.CHANGE_PRIMARY_KEY);
    assertImpossible(PARCEL.replace("PARTITIONED BY (dt)", ""), Kind.CHANGE_PARTITIONS);
    assertImpossible(PARCEL.replace("'bucket' = '1'", "'bucket' = '2'"), Kind.CHANGE_BUCKETS);
    assertImpossible(
        PARCEL
            .replace("'partial-update'", "'aggregation'")
            .replace(
                "'fields.weight_version.sequence-group' = 'weight,price,note'",
                "'fields.default-aggregate-function' = 'max'"),
        Kind.CHANGE_FIXED_OPTION);
    assertImpossible(
        PARCEL.replace("'bucket'", "'deletion-vectors.enabled' = 'true', 'bucket'"),
        Kind.CHANGE_FIXED_OPTION);
    assertImpossible(PARCEL.replace("note STRING", "note STRING NOT NULL"), Kind.REQUIRE_COLUMN);
    assertImpossible(
        PARCEL
            .replace("note STRING", "more INT NOT NULL, note STRING")
            .replace("price,note", "price,more,note"),
        Kind.REQUIRE_COLUMN);
    assertImpossible(PARCEL.replace("price DECIMAL(6, 2)", "price BYTES"), Kind.CHANGE_COLUMN_TYPE);
  }

  @Test
  void forceDoesNotDoTheImpossible() {
    String file = PARCEL.replace("'bucket' = '1'", "'bucket' = '2'");
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      assertRefused(
          () -> plan(file).applyForced(catalog),
          ErrorCode.TABLE_CHANGE_IMPOSSIBLE,
          "change buckets");
    }
  }

  @Test
  void changesNothingWhenPaimonRefusesOneTable() throws IOException {
    write(folder, PARCEL.replace("'All", "'Some").replace("'Parcels'", "'All parcels'"));
    Files.writeString(
        folder.resolve("tables/dwd/dwd_refused.sql"),
        PARCEL.replace("dwd_parcel", "dwd_refused").replace("min' = '5'", "min' = '0'"));
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      TablePlan plan = TablePlan.of(read(), catalog);
      assertRefused(() -> plan.apply(catalog), ErrorCode.TABLE_CHANGE_FAILED, "dwd_refused");
    }
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      assertThat(catalog.tableNames()).containsExactly("dwd_parcel");
      assertThat(catalog.find("dwd_parcel").orElseThrow().comment()).isEqualTo("Parcels");
    }
  }

  @Test
  void leavesUnmanagedTablesAlone() throws IOException {
    Files.delete(folder.resolve("tables/dwd/dwd_parcel.sql"));
    Files.createDirectories(folder.resolve("tables/dim"));
    Files.writeString(
        folder.resolve("tables/dim/dim_city.sql"),
        "CREATE TABLE dim_city (a INT, PRIMARY KEY (a) NOT ENFORCED) WITH ('bucket' = '1');");
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      TablePlan plan = TablePlan.of(read(), catalog);
      assertThat(plan.unmanaged()).containsExactly("dwd_parcel");
      plan.apply(catalog);
      assertThat(catalog.tableNames()).containsExactly("dim_city", "dwd_parcel");
      assertThat(ReadableRows.count(catalog.table("dwd_parcel"))).isEqualTo(2);
    }
  }

  @Test
  void saysWhichTableIsDamaged() throws IOException {
    Files.writeString(table().resolve("schema/schema-0"), "{ \"version\" : 3,");
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      assertRefused(() -> TablePlan.of(read(), catalog), ErrorCode.TABLE_UNREADABLE, "dwd_parcel");
    }
  }

  @Test
  void saysWhichTableHasADamagedSnapshot() throws IOException {
    Files.writeString(table().resolve("snapshot/snapshot-1"), "");
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      assertRefused(
          () -> catalog.latestSnapshotId("dwd_parcel"), ErrorCode.TABLE_UNREADABLE, "dwd_parcel");
      assertRefused(
          () -> ReadableRows.count(catalog.table("dwd_parcel")),
          ErrorCode.TABLE_UNREADABLE,
          "dwd_parcel");
    }
  }

  @Test
  void doesNotCreateATableOverTheDataOfOneThatLostItsSchema() throws IOException {
    Files.delete(table().resolve("schema/schema-0"));
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      assertRefused(() -> TablePlan.of(read(), catalog), ErrorCode.TABLE_UNREADABLE, "dwd_parcel");
    }
  }

  @Test
  void namesAWarehouseThatCannotBeUsed() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertRefused(
        () -> LakeCatalog.open(config.withWarehouse(file)), ErrorCode.CATALOG_UNAVAILABLE, "file");
  }

  @Test
  void namesATableThatIsNotThere() {
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      assertRefused(
          () -> ReadableRows.count(catalog.table("dwd_none")), ErrorCode.TABLE_UNKNOWN, "dwd_none");
    }
  }

  private void assertImpossible(String file, Kind kind) {
    assertImpossible(file, PARCEL, kind);
  }

  private void assertImpossible(String file, String before, Kind kind) {
    TablePlan plan = plan(file);
    assertThat(kinds(plan)).contains(kind);
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      assertRefused(() -> plan.apply(catalog), ErrorCode.TABLE_CHANGE_IMPOSSIBLE, kind.toString());
    }
    assertThat(plan(before).allChanges()).as("nothing was changed").isEmpty();
  }

  private static void assertRefused(Runnable action, ErrorCode code, String part) {
    assertThatThrownBy(action::run)
        .isInstanceOfSatisfying(
            LakeException.class, error -> assertThat(error.code()).isEqualTo(code))
        .hasMessageContaining(part);
  }

  private static List<Kind> kinds(TablePlan plan) {
    return plan.allChanges().stream().map(TableChange::kind).toList();
  }

  private TablePlan plan(String file) {
    write(folder, file);
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      return TablePlan.of(read(), catalog);
    }
  }

  /** Applies a file; afterwards nothing may be left to do. */
  private void apply(String file) {
    write(folder, file);
    apply(folder, config);
    assertThat(plan(file).allChanges()).isEmpty();
  }

  private static void apply(Path folder, LakeConfig config) {
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      TablePlan.of(new TableFiles(folder.resolve("tables"), Map.of()).read(), catalog)
          .apply(catalog);
    }
  }

  private List<TableDefinition> read() {
    return new TableFiles(folder.resolve("tables"), Map.of()).read();
  }

  private List<String> columnNames() {
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      return catalog.find("dwd_parcel").orElseThrow().columns().stream().map(Column::name).toList();
    }
  }

  /** Rows in the order of the key; a dash for NULL. */
  private List<List<Object>> rows(String columns) {
    TableEnvironment session = FlinkSession.openBatch(config);
    List<List<Object>> rows = new ArrayList<>();
    try (CloseableIterator<Row> result =
        session.executeSql("SELECT " + columns + " FROM dwd_parcel ORDER BY parcel_id").collect()) {
      result.forEachRemaining(
          row -> {
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < row.getArity(); i++) {
              values.add(row.getField(i) == null ? "-" : row.getField(i));
            }
            rows.add(values);
          });
    } catch (Exception e) {
      throw new AssertionError(e);
    }
    return rows;
  }

  private Path table() {
    return folder.resolve("warehouse/lake.db/dwd_parcel");
  }

  private static void write(Path folder, String text) {
    try {
      Path file = folder.resolve("tables/dwd/dwd_parcel.sql");
      Files.createDirectories(file.getParent());
      Files.writeString(file, text);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static LakeConfig config(Path folder) {
    return LakeConfig.load(ProjectFile.find(), Map.of())
        .withTableOptions(Map.of())
        .withFlink(Map.of("parallelism.default", "1"))
        .withWarehouse(folder.resolve("warehouse"));
  }
}
