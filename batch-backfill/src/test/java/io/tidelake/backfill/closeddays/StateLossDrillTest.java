/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.closeddays;

import static io.tidelake.backfill.closeddays.ClosedDaysLake.OPEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;
import static org.awaitility.Awaitility.await;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.drill.DrillResult;
import io.tidelake.streaming.drill.StateLossDrill;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.job.FlinkEngine;
import io.tidelake.streaming.job.StreamingJobs;
import io.tidelake.tables.io.OpsTable;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drills on real jobs over all layers; WholeChainTest has one with change capture. */
@Tag("soak")
class StateLossDrillTest {

  private static final Duration SETTLED_WITHIN = Duration.ofSeconds(90);
  private static final Set<String> JOBS = Set.of("facts", "marts", StreamingJobs.COMPACTION);

  @TempDir private Path folder;
  private BatchEngine batch;
  private ClosedDaysLake lake;
  private FlinkEngine engine;
  private LakeConfig config;

  @BeforeEach
  void startJobsWithParcels() throws Exception {
    batch = BatchEngine.embedded(2);
    lake = new ClosedDaysLake(folder, batch);
    engine = FlinkEngine.start(0, 8);
    config = lake.config(engine).withJobsOf(JOBS);
    insertParcels(1, 2, 3);
    startMissingJobs();
    awaitTotals("3 | 30.00");
  }

  @AfterEach
  void stop() throws Exception {
    engine.close();
    lake.close();
    batch.close();
  }

  @Test
  void tellsWhichTableDiffersAndIsMendedByTheNextStartWhenItIsInterrupted() throws Exception {
    List<String> told = new ArrayList<>();
    assertThatThrownBy(() -> drill(Duration.ofMillis(1), told::add))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.LAYERS_NOT_LEVEL));
    assertThat(told).noneMatch(line -> line.contains("state is lost"));
    assertThat(missingJobs()).isEmpty();

    assertThatThrownBy(
            () ->
                drill(
                    SETTLED_WITHIN,
                    line -> {
                      if (line.startsWith("facts started")) {
                        throw new IllegalStateException("killed");
                      }
                    }))
        .hasMessage("killed");
    assertThat(missingJobs()).containsExactly("marts", StreamingJobs.COMPACTION);
    assertThatThrownBy(() -> drill(SETTLED_WITHIN, line -> {}))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.JOB_NOT_RUNNING));
    startMissingJobs();
    insertParcels(4);
    awaitTotals("4 | 40.00");
    assertThat(lake.groups(OPEN)).containsExactly("1 | 1", "2 | 1", "3 | 1", "4 | 1");

    // Nothing of ODS yields it, and the state of the job knows nothing of it.
    lake.sql(
        "INSERT INTO ads_overview VALUES ('%s', 'import', 7, 7, 0, 0, 0, 0, 1.00, 1.00)"
            .formatted(OPEN));
    DrillResult result = drill(SETTLED_WITHIN, line -> {});

    assertThat(result.agrees()).isFalse();
    assertThat(result.afterCapture()).as("no job of these captures changes").isEmpty();
    assertThat(result.afterJobs())
        .extracting(DrillResult.Table::name)
        .containsExactlyElementsOf(
            lake.catalog().tableNames().stream().filter(name -> !OpsTable.isOne(name)).toList());
    assertThat(result.afterJobs())
        .filteredOn(DrillResult.Table::isUnchanged)
        .hasSize(result.afterJobs().size() - 1)
        .extracting(DrillResult.Table::name, DrillResult.Table::rows)
        .contains(
            tuple("ods_fulfillment_order", 4L),
            tuple("dwd_fulfillment_wide", 4L),
            tuple("dwd_domestic_fulfillment", 4L),
            tuple("dws_fulfillment_day", 4L));
    assertThat(result.afterJobs())
        .filteredOn(table -> !table.agrees())
        .singleElement()
        .satisfies(
            table -> {
              assertThat(table.name()).isEqualTo("ads_overview");
              assertThat(table.rows()).isEqualTo(2);
              assertThat(table.vanished()).isOne();
              assertThat(table.different() + table.appeared() + table.newer()).isZero();
              assertThat(table.samples().toString()).contains("business_line = import");
            });
    assertThat(lake.catalog().table("ads_overview").tagManager().tagExists(result.id())).isTrue();
    assertThat(folder.resolve("checkpoints").resolve(result.id()).resolve("marts")).isDirectory();
    assertThat(lake.totals(OPEN)).as("and it is mended").containsExactly("4 | 40.00");
  }

  private DrillResult drill(Duration patience, Consumer<String> progress) throws Exception {
    return new StateLossDrill(config, lake.catalog(), patience, progress).run();
  }

  private List<String> missingJobs() {
    FlinkCluster cluster = new FlinkCluster(config.cluster().restAddress());
    return config.jobs().keySet().stream()
        .filter(job -> cluster.findRunningJob(job).isEmpty())
        .toList();
  }

  private void startMissingJobs() {
    StreamingJobs jobs = new StreamingJobs(config);
    missingJobs().forEach(jobs::start);
  }

  /** Each in the warehouse of its own number, with an amount of 10. */
  private void insertParcels(int... ids) throws Exception {
    for (int id : ids) {
      lake.sql(
          """
          INSERT INTO ods_fulfillment_order (
            dt, fulfillment_id, business_line, direction, warehouse_id, parcel_amount, is_deleted, row_version, log_position)
          VALUES ('%1$s', %2$d, 'domestic', 'outbound', %2$d, 10.00, FALSE,
            REALTIME_VERSION(CAST(TIMESTAMP '%1$s 08:00:00' AS TIMESTAMP_LTZ(6))), %2$d)
          """
              .formatted(OPEN, id));
    }
  }

  private void awaitTotals(String... totals) {
    await("totals of the dashboard")
        .atMost(SETTLED_WITHIN)
        .pollInSameThread()
        .untilAsserted(() -> assertThat(lake.totals(OPEN)).containsExactly(totals));
  }
}
