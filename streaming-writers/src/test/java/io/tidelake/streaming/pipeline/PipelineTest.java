/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.config.Folders;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import io.tidelake.streaming.TestProject;
import io.tidelake.streaming.job.StreamingJobs;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a pipeline file that does not fit the tables gets. */
class PipelineTest {

  @TempDir private Path folder;

  @Test
  void namesAnUnknownColumn() throws IOException {
    assertInvalid(
        "INSERT INTO ads_overview SELECT d.dt, d.no_such_column FROM dws_fulfillment_day AS d",
        "no_such_column");
  }

  @Test
  void namesAnUnknownTable() throws IOException {
    assertInvalid("INSERT INTO ads_overview SELECT * FROM no_such_table", "no_such_table");
  }

  @Test
  void namesTheColumnsOfAnInsertThatDoNotMatch() throws IOException {
    assertInvalid("INSERT INTO ads_overview SELECT dt FROM dws_fulfillment_day", "ads_overview");
  }

  @Test
  void namesAnUnknownFunctionOfAView() throws IOException {
    assertInvalid(
        "CREATE TEMPORARY VIEW v AS SELECT NO_SUCH_FUNCTION(dt) AS dt FROM dws_fulfillment_day",
        "NO_SUCH_FUNCTION");
  }

  @Test
  void quotesSqlThatCannotBeParsed() throws IOException {
    assertInvalid("INSERT INTO ads_overview SELEC * FROM dws_fulfillment_day", "SELEC");
  }

  @Test
  void viewsSayThatClosedDaysAreLeftToWhateverReadsThem() throws IOException {
    Folders folders = Folders.in(folder);
    Files.createDirectories(folders.pipelines());
    Files.writeString(
        folders.pipelines().resolve("views.sql"),
        """
        CREATE TEMPORARY VIEW open_scan AS SELECT * FROM ods_logistics_event WHERE IS_OPEN_DAY(dt);
        CREATE TEMPORARY VIEW counted AS SELECT dt, COUNT(*) AS scans FROM open_scan GROUP BY dt;
        CREATE TEMPORARY VIEW any_scan AS SELECT dt, event_id FROM ods_logistics_event;
        INSERT INTO through_views SELECT * FROM counted;
        INSERT INTO itself SELECT dt FROM any_scan WHERE is_open_day (dt);
        INSERT INTO every_day SELECT * FROM any_scan;
        INSERT INTO ops_dead_letter SELECT * FROM open_scan;
        """);
    Pipeline pipeline =
        Pipeline.read(LakeConfig.load(ProjectFile.find(), Map.of()).withFolders(folders), "views");
    assertThat(pipeline.derivations())
        .filteredOn(Derivation::leavesClosedDays)
        .extracting(Derivation::target)
        .containsExactly("through_views", "itself");
    assertThat(pipeline.derivations().get(0).views()).hasSize(2);
  }

  private void assertInvalid(String sql, String part) throws IOException {
    TestProject project = new TestProject(folder);
    project.write("pipelines/broken.sql", sql + ";\n");
    LakeConfig config =
        project.lake(
            "lake",
            """
            folders: {tables: %s}
            jobs: {broken_job: {pipelines: [broken]}}
            """
                .formatted(LakeConfig.load(ProjectFile.find(), Map.of()).folders().tables()));
    // No cluster is asked: the job is not submitted.
    assertThatThrownBy(() -> new StreamingJobs(config).start("broken_job"))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> {
              assertThat(error.code()).isEqualTo(ErrorCode.PIPELINE_INVALID);
              assertThat(error.remedy()).contains("lake tables show");
            })
        .hasMessageContaining("broken")
        .hasMessageContaining(part);
  }
}
