/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.config.LakeConfig;
import io.tidelake.project.ProjectFile;
import io.tidelake.streaming.pipeline.Lineage.Edge;
import io.tidelake.streaming.pipeline.Lineage.Kind;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LineageTest {

  private static Lineage lineage;

  @BeforeAll
  static void readLineage() {
    lineage = LineageReader.read(LakeConfig.load(ProjectFile.find(), Map.of()));
  }

  @Test
  void dashboardTotalsComeFromTheLightAggregation() {
    assertThat(of("ads_overview"))
        .containsExactly(
            new Edge("dws_fulfillment_day", "ads_overview", "ads_overview", Kind.READ));
  }

  @Test
  void wideFactReadsWhatSetsItAndLooksUpFourDimensions() {
    assertThat(from("dwd_fulfillment_wide", Kind.READ))
        .containsExactlyInAnyOrder(
            "ods_trade_order",
            "ods_withdrawn_parcel",
            "ods_fulfillment_order",
            "ods_logistics_event",
            "ods_customs_declaration");
    assertThat(from("dwd_fulfillment_wide", Kind.LOOKUP))
        .containsExactlyInAnyOrder("dim_merchant", "dim_region", "dim_warehouse", "dim_carrier");
  }

  @Test
  void eachInsertOfAPipelineHasItsOwnSources() {
    assertThat(of("dim"))
        .contains(new Edge("source_carrier", "dim_carrier", "dim", Kind.READ))
        .doesNotContain(new Edge("source_carrier", "dim_region", "dim", Kind.READ));
  }

  @Test
  void repairReadsTheFactThatItWrites() {
    assertThat(of("dimension_repair"))
        .contains(
            new Edge("dwd_fulfillment_wide", "dwd_fulfillment_wide", "dimension_repair", Kind.READ),
            new Edge("dim_carrier", "dwd_fulfillment_wide", "dimension_repair", Kind.READ));
  }

  @Test
  void everyPipelineIsInIt() {
    LakeConfig config = LakeConfig.load(ProjectFile.find(), Map.of());
    assertThat(lineage.edges())
        .extracting(Edge::pipeline)
        .containsAll(Pipeline.readAll(config).stream().map(Pipeline::name).toList());
  }

  @Test
  void drawsLookupsAsDottedArrows() {
    assertThat(lineage.toMermaid())
        .startsWith("flowchart LR\n")
        .contains("dws_fulfillment_day -->|ads_overview| ads_overview\n")
        .contains("dim_carrier -.->|dwd_fulfillment_wide| dwd_fulfillment_wide\n");
    assertThat(lineage.toText()).contains("    <- dim_carrier (lookup)\n");
    assertThat(lineage.toDot()).contains("dim_carrier -> dwd_fulfillment_wide [label=");
  }

  private static List<Edge> of(String pipeline) {
    return lineage.edges().stream().filter(edge -> edge.pipeline().equals(pipeline)).toList();
  }

  private static Set<String> from(String pipeline, Kind kind) {
    return of(pipeline).stream()
        .filter(edge -> edge.kind() == kind)
        .map(Edge::from)
        .collect(Collectors.toSet());
  }
}
