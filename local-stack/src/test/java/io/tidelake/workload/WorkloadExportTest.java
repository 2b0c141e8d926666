/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.schema.TableFiles;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.paimon.data.BinaryString;
import org.apache.paimon.data.Decimal;
import org.apache.paimon.data.InternalRow;
import org.apache.paimon.data.Timestamp;
import org.apache.paimon.format.FileFormat;
import org.apache.paimon.format.FormatReaderContext;
import org.apache.paimon.format.parquet.ParquetSchemaConverter;
import org.apache.paimon.format.parquet.ParquetUtil;
import org.apache.paimon.fs.local.LocalFileIO;
import org.apache.paimon.options.Options;
import org.apache.paimon.reader.RecordReader;
import org.apache.paimon.types.DataField;
import org.apache.paimon.types.RowType;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkloadExportTest {

  private static final WorkloadExport EXPORT =
      new WorkloadExport(TableFiles.of(LakeConfig.load(ProjectFile.find(), Map.of())).read());
  private static final LocalFileIO FILES = LocalFileIO.create();

  private final long seed = Long.getLong("lake.seed", System.nanoTime());
  private final WorkloadOptions options = WorkloadOptions.of(seed, 60);

  @TempDir private Path folder;

  @BeforeEach
  void printSeed() {
    System.out.println("WorkloadExportTest seed " + seed);
  }

  @Test
  void holdsEveryRowOfTheTruthInTheFolderOfItsDay() throws IOException {
    Truth truth = Truth.of(options);
    Map<String, Collection<Map<String, Object>>> wanted = new TreeMap<>();
    for (Class<? extends SourceRow> kind : SourceRow.TABLES) {
      wanted.put(SourceTable.of(kind).name(), truth.mirrored(kind));
    }
    wanted.put("fulfillment_wide", truth.fulfillments().values());
    wanted.put("logistics_event_clean", truth.scans().values());

    SortedMap<String, Long> exported = EXPORT.write(options, folder).rows();

    assertThat(exported.keySet()).isEqualTo(wanted.keySet());
    assertThat(files(folder)).extracting(Path::getFileName).containsOnly(Path.of("part-0.parquet"));
    for (Map.Entry<String, Collection<Map<String, Object>>> table : wanted.entrySet()) {
      assertThat(exported.get(table.getKey())).isEqualTo(table.getValue().size()).isPositive();
      assertThat(rows(folder.resolve(table.getKey())))
          .as(table.getKey())
          .isEqualTo(byDay(table.getValue()));
    }
  }

  @Test
  void deletedRowsAreThereWithTheirLastValues() throws IOException {
    // Enough orders that some are purged, whatever the seed.
    WorkloadOptions more = WorkloadOptions.of(seed, 400);
    Map<Object, Map<String, Object>> purged = new HashMap<>();
    new Workload(more)
        .forEachRemaining(
            transaction ->
                transaction.stream()
                    .filter(change -> change.row() instanceof SourceRow.TradeOrder)
                    .forEach(
                        change -> {
                          Map<String, Object> row = change.row().values();
                          purged.remove(row.get("order_id"));
                          if (change.operation() == RowChange.Operation.DELETE) {
                            purged.put(row.get("order_id"), row);
                          }
                        }));
    EXPORT.write(more, folder);

    Map<Object, Map<String, Object>> exported = new HashMap<>();
    rows(folder.resolve("trade_order"))
        .values()
        .forEach(
            day ->
                day.stream()
                    .filter(row -> row.get("is_deleted").equals(true))
                    .forEach(row -> exported.put(row.get("order_id"), row)));
    assertThat(exported.keySet()).isNotEmpty().isEqualTo(purged.keySet());
    exported.forEach(
        (id, row) -> {
          assertThat(row).containsEntry("buyer_name", purged.get(id).get("buyer_name"));
          assertThat(row).containsEntry("updated_at", purged.get(id).get("updated_at"));
        });
  }

  @Test
  void hasTheColumnsAndTypesOfTheTablesWithoutWhatOrdersRecords() throws IOException {
    EXPORT.write(options, folder);

    assertThat(columns("carrier"))
        .containsExactly(
            "carrier_id INT NOT NULL",
            "carrier_name STRING",
            "service_level STRING",
            "updated_at TIMESTAMP(6) WITH LOCAL TIME ZONE",
            "is_deleted BOOLEAN NOT NULL");
    assertThat(columns("customs_declaration"))
        .containsExactly(
            "declaration_id BIGINT NOT NULL",
            "fulfillment_id BIGINT NOT NULL",
            "customs_status STRING",
            "duty_amount DECIMAL(10, 2)",
            "declared_at TIMESTAMP(6) WITH LOCAL TIME ZONE",
            "cleared_at TIMESTAMP(6) WITH LOCAL TIME ZONE",
            "updated_at TIMESTAMP(6) WITH LOCAL TIME ZONE",
            "is_deleted BOOLEAN NOT NULL");
    assertThat(columns("logistics_event_clean"))
        .contains("report_delay_seconds INT")
        .noneMatch(column -> column.startsWith("row_version"));
    assertThat(columns("fulfillment_wide"))
        .contains("paid_amount DECIMAL(12, 2)", "merchant_name STRING")
        .noneMatch(column -> column.contains("_version") || column.startsWith("dt "));
  }

  @Test
  void isAsOfTheSecondAfterTheLastChange() {
    Workload workload = new Workload(options);
    workload.forEachRemaining(transaction -> {});

    Instant asOf = EXPORT.write(options, folder).asOf();

    assertThat(asOf.getNano()).isZero();
    assertThat(Duration.between(workload.now(), asOf))
        .isPositive()
        .isLessThanOrEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void equalOptionsGiveEqualFiles() throws IOException {
    Path first = folder.resolve("first");
    Path second = folder.resolve("second");
    assertThat(EXPORT.write(options, first)).isEqualTo(EXPORT.write(options, second));
    for (Path file : files(first)) {
      assertThat(second.resolve(first.relativize(file))).hasSameBinaryContentAs(file);
    }
    assertThat(files(second)).hasSameSizeAs(files(first));
  }

  @Test
  void refusesAFolderThatHoldsSomething() throws IOException {
    Files.writeString(folder.resolve("notes.txt"), "mine");
    assertThatThrownBy(() -> EXPORT.write(options, folder))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.EXPORT_EXISTS))
        .hasMessageContaining(folder.toString());
    assertThat(files(folder)).containsExactly(folder.resolve("notes.txt"));
  }

  @Test
  void saysThatAFileIsNoFolder() throws IOException {
    Path file = Files.writeString(folder.resolve("notes.txt"), "mine");
    assertThatThrownBy(() -> EXPORT.write(options, file))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.EXPORT_FAILED))
        .hasMessageContaining(file.toString());
  }

  /** Rows as they should lie: by day, empty for tables without days, keyed by nothing else. */
  private static Map<String, List<Map<String, Object>>> byDay(
      Collection<Map<String, Object>> rows) {
    Map<String, List<Map<String, Object>>> days = new TreeMap<>();
    for (Map<String, Object> row : rows) {
      Map<String, Object> exported = new HashMap<>(row);
      Object day = exported.remove("dt");
      days.computeIfAbsent(day == null ? "" : "dt=" + day, key -> new ArrayList<>()).add(exported);
    }
    return days;
  }

  /** The rows of an exported table by the name of their partition's folder. */
  private static Map<String, List<Map<String, Object>>> rows(Path table) throws IOException {
    Map<String, List<Map<String, Object>>> days = new TreeMap<>();
    for (Path file : files(table)) {
      days.put(table.relativize(file.getParent()).toString(), rowsOf(file));
    }
    return days;
  }

  private static List<Map<String, Object>> rowsOf(Path file) throws IOException {
    RowType type = typeOf(file);
    List<Map<String, Object>> rows = new ArrayList<>();
    try (RecordReader<InternalRow> reader =
        FileFormat.fromIdentifier("parquet", new Options())
            .createReaderFactory(type, type, List.of())
            .createReader(new FormatReaderContext(FILES, paimon(file), Files.size(file)))) {
      reader.forEachRemaining(row -> rows.add(values(type, row)));
    }
    return rows;
  }

  private static Map<String, Object> values(RowType type, InternalRow row) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < type.getFieldCount(); i++) {
      DataField field = type.getFields().get(i);
      Object value = InternalRow.createFieldGetter(field.type(), i).getFieldOrNull(row);
      if (value instanceof BinaryString text) {
        value = text.toString();
      } else if (value instanceof Timestamp time) {
        value = time.toInstant();
      } else if (value instanceof Decimal decimal) {
        value = decimal.toBigDecimal();
      }
      values.put(field.name(), value);
    }
    return values;
  }

  private List<String> columns(String table) throws IOException {
    return typeOf(files(folder.resolve(table)).get(0)).getFields().stream()
        .map(field -> field.name() + " " + field.type().asSQLString())
        .toList();
  }

  /** The type that the file itself says, so that reading does not rest on the definitions. */
  private static RowType typeOf(Path file) throws IOException {
    try (var reader =
        ParquetUtil.getParquetReader(FILES, paimon(file), Files.size(file), new Options())) {
      return ParquetSchemaConverter.convertToPaimonRowType(
          reader.getFooter().getFileMetaData().getSchema());
    }
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  private static org.apache.paimon.fs.Path paimon(Path file) {
    return new org.apache.paimon.fs.Path(file.toUri());
  }
}
