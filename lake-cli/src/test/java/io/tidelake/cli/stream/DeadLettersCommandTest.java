/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stream;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.cli.CommandRun;
import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.io.OpsTable;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadLettersCommandTest {

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void fill() {
    assertThat(run("tables", "apply")).isZero();
    LakeConfig config =
        LakeConfig.load(ProjectFile.find(), Map.of("catalog/warehouse", folder.toString()));
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      OpsTable.open(catalog, "ops_dead_letter")
          .write(IntStream.range(0, 1200).mapToObj(DeadLettersCommandTest::letter).toList());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  private static Map<String, Object> letter(int number) {
    return Map.of(
        "target",
        number < 1100 ? "dim_carrier" : "dim_region",
        "source",
        "nobody.reads.this",
        "place",
        "0/" + number,
        "reason",
        "column x: " + number + " does not fit",
        "payload",
        "x".repeat(number),
        "row_version",
        (long) number,
        "logged_at",
        Instant.parse("2026-06-02T10:00:00Z").plusSeconds(number));
  }

  @Test
  void listsThemByTableAndReason() throws Exception {
    assertThat(run("dead-letters", "list")).isZero();
    assertThat(out.toString().replaceAll(" +", " "))
        .contains(
            "dim_carrier 1,100 2026-06-02T10:00:00Z 2026-06-02T10:18:19Z column x: # does not fit\n",
            "dim_region 100 ");

    assertThat(run("dead-letters", "list", "--since", "2026-06-02T10:19:58Z", "-o", "json"))
        .isZero();
    JsonNode groups = new ObjectMapper().readTree(out.toString());
    assertThat(groups).hasSize(1);
    assertThat(groups.get(0).get("count").asInt()).isEqualTo(2);

    assertThat(run("dead-letters", "list", "--reason", "no such reason")).isZero();
    assertThat(out.toString()).isEqualTo("There are no such dead letters.\n");
  }

  @Test
  void showsTheNewestWithWhatTheyHeld() throws Exception {
    assertThat(run("dead-letters", "show", "--limit", "1")).isZero();
    assertThat(out.toString())
        .startsWith("dim_region  nobody.reads.this  0/1199\n")
        .contains("reason   column x: 1199 does not fit", "(1,199 characters");

    assertThat(run("dead-letters", "show", "--limit", "1", "-o", "json")).isZero();
    assertThat(new ObjectMapper().readTree(out.toString()).get(0).get("payload").asText())
        .hasSize(1199);
  }

  @Test
  void dropsThemOnlyWhenToldTo() {
    assertThat(run("dead-letters", "drop", "--table", "dim_region", "--yes")).isZero();
    assertThat(out.toString()).isEqualTo("100 dead letters dropped.\n");
    assertThat(run("dead-letters", "list", "--table", "dim_region")).isZero();
    assertThat(out.toString()).isEqualTo("There are no such dead letters.\n");
    assertThat(run("dead-letters", "list", "--since", "yesterday")).isEqualTo(2);
    assertThat(err.toString()).contains("yesterday");
  }

  @Test
  void saysWhatAReplayCannotUse() {
    assertThat(run("dead-letters", "replay", "--table", "dim_region")).isEqualTo(1);
    assertThat(out.toString()).startsWith("dim_region: 100 still cannot be used\n");
  }

  private int run(String... arguments) {
    return CommandRun.of(
        out,
        err,
        Stream.concat(Stream.of(arguments), Stream.of("--set", "catalog/warehouse=" + folder))
            .toArray(String[]::new));
  }
}
