/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.streaming.pipeline.LineageReader;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.flink.FlinkSession;
import io.tidelake.tables.schema.TablePlan;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.TableEnvironment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** State of closed days expires, and no other. */
class StateExpiryTest {

  private static final String TTL = "table.exec.state.ttl";

  @TempDir private Path folder;

  @Test
  void jobsThatLeaveClosedDaysHaveStateThatOutlivesTheOpenDays() {
    LakeConfig config = config("60");
    assertThat(expiry(config, "facts")).isEqualTo(Map.of(TTL, "62 d"));
    assertThat(expiry(config, "marts")).isEqualTo(Map.of(TTL, "62 d"));
    assertThat(expiry(config, "capture")).isEmpty();
    assertThat(expiry(config, StreamingJobs.COMPACTION)).isEmpty();
  }

  @Test
  void allStateOfTheWideFactHasThatEndHoweverFarItIs() {
    assertThat(ttls("60")).isNotEmpty().containsOnly("62 d");
    assertThat(ttls("36500")).isNotEmpty().containsOnly("36502 d");
  }

  /** After what time each state of the planned inserts of the wide fact expires. */
  private List<String> ttls(String openDays) {
    LakeConfig config = config(openDays);
    try (LakeCatalog catalog = LakeCatalog.open(config)) {
      TablePlan.of(config, catalog).apply(catalog);
    }
    TableEnvironment session =
        FlinkSession.open(
            config, RuntimeExecutionMode.STREAMING, Configuration.fromMap(expiry(config, "facts")));
    Pipeline pipeline = Pipeline.read(config, "dwd_fulfillment_wide");
    pipeline.createViews(session);
    return pipeline.inserts().stream()
        .map(insert -> LineageReader.parse(session.compilePlanSql(insert).asJsonString()))
        .flatMap(plan -> plan.findValues("ttl").stream())
        .map(JsonNode::asText)
        .toList();
  }

  private Map<String, String> expiry(LakeConfig config, String job) {
    return StateExpiry.options(config, config.job(job));
  }

  private LakeConfig config(String openDays) {
    Map<String, String> values = new HashMap<>();
    values.put("catalog/warehouse", folder.resolve("warehouse").toString());
    values.put("open-days", openDays);
    return LakeConfig.load(ProjectFile.find(), values);
  }
}
