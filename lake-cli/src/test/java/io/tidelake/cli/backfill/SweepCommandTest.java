/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.backfill;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.cli.CommandRun;
import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.tables.flink.FlinkSession;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SweepCommandTest {

  private static final String ORDERS =
      """
      INSERT INTO dwd_fulfillment_wide (
        dt, fulfillment_id, business_line, direction, warehouse_id, parcel_amount, fulfillment_version, is_deleted,
        is_deleted_version)
      VALUES
        ('2020-06-17', 1, 'domestic', 'outbound', 1, 10.00, 1, FALSE, 1),
        ('2020-06-18', 2, 'domestic', 'outbound', 1, 10.00, 1, FALSE, 1),
        ('2020-06-18', 3, 'export', 'outbound', 2, 10.00, 1, FALSE, 1)
      """;

  @TempDir private Path folder;

  @Test
  void plansRecomputesAndThenFindsNothing() throws Exception {
    assertThat(run("tables", "apply")).contains("tables created");
    FlinkSession.openBatch(LakeConfig.load(ProjectFile.find(), Map.of()).withWarehouse(folder))
        .executeSql(ORDERS)
        .await();

    assertThat(run("backfill", "sweep", "--dry-run").replaceAll(" +", " "))
        .contains(
            "table days reason inserted changed deleted\n",
            "dws_fulfillment_day 2020-06-17, 2020-06-18 never computed ? ? ?\n",
            "dws_carrier_hour all never computed ? ? ?\n");

    JsonNode swept = new ObjectMapper().readTree(run("backfill", "sweep", "-o", "json"));
    JsonNode last = swept.get("recomputed").get(3);
    assertThat(last.get("target").asText()).isEqualTo("ads_overview");
    assertThat(last.get("counts").get("2020-06-18").get("inserted").asInt()).isEqualTo(2);

    assertThat(run("backfill", "sweep"))
        .matches(
            "Days before \\S+ are closed\\.\n"
                // The test has written it without ODS.
                + "dwd_fulfillment_wide keeps 2020-06-17, 2020-06-18: there is nothing left to compute them from\\.\n"
                + "Nothing has changed since they were computed\\.\n");
  }

  private String run(String... arguments) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    String[] all =
        Stream.concat(Stream.of(arguments), Stream.of("--set", "catalog/warehouse=" + folder))
            .toArray(String[]::new);
    assertThat(CommandRun.of(out, err, all)).as(err.toString()).isZero();
    return out.toString();
  }
}
