/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.health;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import io.tidelake.publish.iceberg.IcebergLake;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.io.OpsTable;
import io.tidelake.tables.schema.TablePlan;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the status says of the tables of a lake. */
class TablesCheckTest {

  private static final Instant EMPTIED_AT = Instant.parse("2026-06-17T09:00:00Z");

  private final Findings findings = new Findings(Duration.ofSeconds(30));

  @TempDir private Path folder;
  private LakeConfig config;
  private LakeCatalog catalog;
  private TablesCheck check;

  @BeforeEach
  void openLake() {
    config = LakeConfig.load(ProjectFile.find(), Map.of("catalog/warehouse", folder.toString()));
    catalog = LakeCatalog.open(config);
    check = new TablesCheck(config, Duration.ofMinutes(1), findings);
  }

  @AfterEach
  void closeLake() {
    catalog.close();
  }

  @Test
  void aLakeWithoutTablesIsAProblem() {
    assertThat(check.layers(catalog)).isEmpty();
    assertThat(check.tables(catalog)).isEmpty();
    assertThat(codes(findings.problems())).containsExactly("TABLES_MISSING");
  }

  @Test
  void withoutTheAddressOfACatalogNobodyPublishes() throws Exception {
    Path file = folder.resolve("lake.yaml");
    Files.writeString(
        file,
        """
        catalog: {warehouse: w}
        source: {bootstrap-servers: "localhost:1", topic-prefix: none}
        cluster: {rest-address: "localhost:1", checkpoints: c}
        """);
    LakeConfig unpublished = LakeConfig.load(file, Map.of());

    assertThat(new TablesCheck(unpublished, Duration.ofMinutes(1), findings).publisher()).isNull();
    assertThat(findings.problems()).isEmpty();
    assertThatThrownBy(() -> IcebergLake.open(unpublished))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
        .hasMessageContaining("publisher/catalog/uri");
  }

  @Test
  void thatNoClockHasArrivedIsNoted() {
    TablePlan.of(config, catalog).apply(catalog);

    assertThat(check.layers(catalog)).isEmpty();
    assertThat(check.tables(catalog)).extracting(Health.Table::name).contains("dim_carrier");

    assertThat(findings.problems()).isEmpty();
    assertThat(codes(findings.notes())).containsExactly("AGES_UNKNOWN");
  }

  @Test
  void aLateLayerAndATableThatTheSourceEmptiedAreProblems() {
    TablePlan.of(config, catalog).apply(catalog);
    Instant now = Instant.now();
    OpsTable.open(catalog, "ops_lake_clock")
        .write(List.of(clock("ods", now.minusSeconds(3)), clock("dws", now.minusSeconds(300))));
    OpsTable.open(catalog, "ops_dead_letter")
        .write(
            List.of(
                letter("dim_carrier", "the source has emptied this table (TRUNCATE)", 1),
                letter("dim_region", "column region_id: x does not fit INT", 2),
                letter("dim_region", "column region_id: y does not fit INT", 3)));

    assertThat(check.layers(catalog)).extracting(Health.Layer::name).containsExactly("ods", "dws");
    assertThat(check.tables(catalog))
        .filteredOn(table -> table.deadLetters() > 0)
        .extracting(table -> table.name() + " " + table.deadLetters())
        .containsExactlyInAnyOrder("dim_carrier 1", "dim_region 2");

    assertThat(codes(findings.problems())).containsExactlyInAnyOrder("LAYER_LATE", "TABLE_WRONG");
    assertThat(findings.problems())
        .anyMatch(problem -> problem.message().matches(".* dws .* last 30\\d s."))
        .anyMatch(
            problem ->
                problem.message().contains("dim_carrier")
                    && problem.message().contains(EMPTIED_AT.toString()));
    assertThat(codes(findings.notes())).containsExactly("DEAD_LETTERS");
  }

  /** Files that no compaction job takes up make readers slower and slower. */
  @Test
  void aTableWhoseFilesNobodyCompactsIsAProblem() {
    TablePlan.of(config, catalog).apply(catalog);
    OpsTable clock = OpsTable.open(catalog, "ops_lake_clock");
    for (int commit = 0; commit <= 200; commit++) {
      clock.write(List.of(clock("ods", Instant.now())));
    }

    List<Health.Table> tables = new ArrayList<>(check.tables(catalog));

    assertThat(tables)
        .filteredOn(table -> table.name().equals("ops_lake_clock"))
        .singleElement()
        .satisfies(table -> assertThat(table.waitingFiles()).isEqualTo(201));
    assertThat(codes(findings.problems())).containsExactly("COMPACTION_BEHIND");
    assertThat(findings.problems().get(0).message()).contains("201 files of ops_lake_clock");
  }

  private static List<String> codes(List<Health.Problem> findings) {
    return findings.stream().map(Health.Problem::code).toList();
  }

  private static Map<String, Object> clock(String layer, Instant beat) {
    return Map.of(
        "layer", layer, "lake_clock", beat, "beat_at", beat, "row_version", beat.toEpochMilli());
  }

  private static Map<String, Object> letter(String target, String reason, long place) {
    return Map.of(
        "target", target,
        "source", "lake.logistics.any",
        "place", "0/" + place,
        "reason", reason,
        "row_version", place,
        "logged_at", EMPTIED_AT);
  }
}
