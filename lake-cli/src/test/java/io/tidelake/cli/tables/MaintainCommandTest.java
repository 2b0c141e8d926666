/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.tables;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.cli.CommandRun;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaintainCommandTest {

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void saysWhatItWouldDoDoesItAndFindsNothingMore() throws Exception {
    assertThat(run("tables", "apply")).isZero();
    Path orphan = folder.resolve("lake.db/dim_region/manifest/manifest-orphan");
    Files.createDirectories(orphan.getParent());
    Files.write(orphan, new byte[2000]);
    Files.setLastModifiedTime(orphan, FileTime.from(Instant.now().minus(Duration.ofDays(3))));

    assertThat(run("maintain", "dim_region", "dim_carrier", "--dry-run")).isZero();
    assertThat(out.toString().replaceAll(" +", " "))
        .contains("dim_region 0 0 0 0 1 1 2\n", "1 of 2 tables needed nothing.\n")
        .endsWith("Nothing was changed.\n");
    assertThat(orphan).exists();

    assertThat(run("maintain", "-o", "json")).isZero();
    JsonNode report = new ObjectMapper().readTree(out.toString());
    assertThat(report.get("complete").asBoolean()).isTrue();
    assertThat(report.get("tables").findValuesAsText("orphansRemoved")).contains("1");
    assertThat(orphan).doesNotExist();

    assertThat(run("maintain", "dim_region")).isZero();
    assertThat(out.toString()).isEqualTo("1 of 1 tables needed nothing.\n");
  }

  @Test
  void endsWithOneWhenATableFailsAndRefusesWhatItDoesNotUnderstand() throws Exception {
    assertThat(run("tables", "apply")).isZero();
    Path snapshots = Files.createDirectories(folder.resolve("lake.db/dim_region/snapshot"));
    Files.writeString(snapshots.resolve("snapshot-1"), "not a snapshot");

    assertThat(run("maintain")).isEqualTo(1);
    assertThat(out.toString()).contains("dim_region FAILED: ", "tables needed nothing.");

    assertThat(run("maintain", "dim_country")).isEqualTo(3);
    assertThat(err.toString()).contains("error TABLE_UNKNOWN", "dim_country");
    assertThat(run("maintain", "--set", "maintain/details-for=1 d")).isEqualTo(3);
    assertThat(err.toString()).contains("error MAINTAIN_INVALID", "details-for");
    assertThat(run("maintain", "--set", "maintain/day-tags=-1")).isEqualTo(3);
    assertThat(err.toString()).contains("error CONFIG_INVALID", "day-tags", "0 or more");
  }

  private int run(String... arguments) {
    return CommandRun.of(
        out,
        err,
        Stream.concat(Stream.of(arguments), Stream.of("--set", "catalog/warehouse=" + folder))
            .toArray(String[]::new));
  }
}
