/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.cli.Lake;
import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.RootCommand;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.process.ProcessLock;
import io.tidelake.project.ProjectFile;
import io.tidelake.schedule.CommandRunner.Attempt;
import io.tidelake.schedule.CommandRunner.Outcome;
import io.tidelake.schedule.Schedule;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.commons.io.FileUtils;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class ScheduleCommandTest {

  private static final RootCommand ROOT = Lake.commandLine().getCommand();
  private static final Instant FIRE = Instant.parse("2026-06-20T02:30:00Z");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  /** So that a scheduler of the project itself is not disturbed. */
  @BeforeEach
  void makeProject() throws IOException {
    Path shipped = ProjectFile.find();
    Files.copy(shipped, folder.resolve(ProjectFile.NAME));
    FileUtils.copyDirectory(
        shipped.resolveSibling("lake-tables/tables").toFile(),
        folder.resolve("lake-tables/tables").toFile());
  }

  @Test
  void theSchedulesOfTheProjectAreValid() {
    ScheduledCommand runner = new ScheduledCommand(ROOT, options(), folder);
    assertThat(Schedule.of(LakeConfig.load(ProjectFile.find(), Map.of())))
        .isNotEmpty()
        .allSatisfy(schedule -> runner.check(schedule, FIRE));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "schedule --once                | cannot run itself",
        "backfill                       | lacks a command",
        "backfil sweep                  | 'lake backfil sweep' is not understood: Unmatched",
        "tables lineage --format png    | png",
        "tables show --since ${fire-day} | --since"
      })
  void refusesACommandThatCannotBeRun(String command, String part) {
    Schedule schedule = schedule(command);
    ScheduledCommand runner = new ScheduledCommand(ROOT, options(), folder);
    assertThatThrownBy(() -> runner.check(schedule, FIRE))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.SCHEDULE_INVALID))
        .hasMessageContaining("The schedule nightly cannot be run")
        .hasMessageContaining(part);
  }

  @ParameterizedTest
  @ValueSource(strings = {"--list", "--once"})
  void refusesAtStartWhatItCannotRun(String mode) {
    assertThat(
            run(
                mode,
                "--set",
                "schedules/nightly/cron=99 * * * *",
                "--set",
                "schedules/nightly/command=stream repair"))
        .isEqualTo(3);
    assertThat(err.toString())
        .contains("error SCHEDULE_INVALID: The schedule nightly cannot be run: ", "99");
  }

  @Test
  void runsACommandWithTheSchedulersOwnConfiguration() throws Exception {
    ScheduledCommand runner =
        new ScheduledCommand(ROOT, options("--set", "database=other"), folder);
    Outcome empty = runner.run(attempt(Duration.ofMinutes(2), "tables", "show"));
    assertThat(empty).isEqualTo(new Outcome(0, null));
    Path log = folder.resolve("nightly/20260620-0230-1.log");
    assertThat(log).content().contains("There are no tables yet");
    assertThat(folder.resolve(".lake/warehouse/other.db"))
        .as("this project's warehouse, the database that was set")
        .isDirectory();

    Outcome failed = runner.run(attempt(Duration.ofMinutes(2), "tables", "show", "dim_none"));
    assertThat(failed.exitCode()).isEqualTo(3);
    assertThat(failed.message())
        .startsWith("exit code 3, error TABLE_UNKNOWN: ")
        .endsWith("; output in " + log);
  }

  @Test
  void endsACommandAtItsTimeout() throws Exception {
    ScheduledCommand runner = new ScheduledCommand(ROOT, options(), folder);
    List<ProcessHandle> others = ProcessHandle.current().children().toList();
    // It starts a JVM, which takes longer.
    Outcome ended = runner.run(attempt(Duration.ofMillis(50), "tables", "lineage"));
    assertThat(ended.exitCode()).isNull();
    assertThat(ended.message()).contains("timeout of 0 s", "20260620-0230-1.log");
    assertThat(ProcessHandle.current().children()).as("nothing is left").isSubsetOf(others);
  }

  @Test
  void keepsTheNewestLogs() throws Exception {
    Path logs = Files.createDirectories(folder.resolve("nightly"));
    for (int i = 0; i < 120; i++) {
      Files.createFile(logs.resolve("20260101-%04d-1.log".formatted(i)));
    }
    new ScheduledCommand(ROOT, options(), folder)
        .run(attempt(Duration.ofMillis(1), "tables", "show"));
    assertThat(logs.toFile().list()).hasSize(100).contains("20260620-0230-1.log");
  }

  @Test
  void listsSchedulesAndRunsWhatIsDue() throws Exception {
    assertThat(run("--list")).as("no tables yet").isEqualTo(3);
    assertThat(err.toString()).contains("error TABLE_UNKNOWN", "ops_schedule_run");
    applyTables();
    assertThat(run("--list")).isZero();
    assertThat(out.toString())
        .contains("dimension-repair", "every 10 minutes", "stream repair")
        .doesNotContain("added");
    assertThat(run("--once")).isZero();
    assertThat(out.toString())
        .contains("dimension-repair is new: it runs from now on", "Nothing is due.");
    assertThat(run("--list", "-o", "json")).isZero();
    JsonNode status = new ObjectMapper().readTree(out.toString()).get(0);
    assertThat(status.get("schedule").asText()).isEqualTo("dimension-repair");
    assertThat(Instant.parse(status.get("next").asText())).isAfter(Instant.now());
    assertThat(status.get("last").isNull()).isTrue();
    assertThat(run("--once", "-o", "json")).isZero();
    assertThat(new ObjectMapper().readTree(out.toString())).isEmpty();
  }

  @Test
  void refusesASecondScheduler() throws IOException {
    applyTables();
    Path lock = folder.resolve(".lake/schedule/scheduler.lock");
    try (ProcessLock first = ProcessLock.take(lock, IllegalStateException::new)) {
      assertThat(first).isNotNull();
      assertThat(run("--once")).isEqualTo(3);
      assertThat(err.toString())
          .contains("error SCHEDULER_RUNNING", "process " + ProcessHandle.current().pid());
      assertThat(run("--list")).as("looking is free").isZero();
    }
  }

  @Test
  void wrongUsageIsExitCode2() {
    assertThat(run("--list", "--once")).isEqualTo(2);
    assertThat(run("-o", "json")).isEqualTo(2);
    assertThat(err.toString()).contains("--list or --once");
  }

  private static Attempt attempt(Duration timeout, String... words) {
    return new Attempt("nightly", FIRE, 1, List.of(words), timeout);
  }

  private Schedule schedule(String command) {
    Map<String, String> values =
        Map.of("schedules/nightly/cron", "30 2 * * *", "schedules/nightly/command", command);
    List<Schedule> schedules =
        Schedule.of(LakeConfig.load(folder.resolve(ProjectFile.NAME), values));
    return schedules.get(schedules.size() - 1);
  }

  private LakeOptions options(String... arguments) {
    LakeOptions options = new LakeOptions();
    CommandLine.populateCommand(
        options,
        Stream.concat(Stream.of("--project", folder.toString()), Stream.of(arguments))
            .toArray(String[]::new));
    return options;
  }

  private void applyTables() {
    assertThat(
            Lake.commandLine()
                .setOut(new PrintWriter(out, true))
                .execute("tables", "apply", "--project", folder.toString()))
        .isZero();
  }

  private int run(String... arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    List<String> line = new ArrayList<>(List.of("schedule", "--project", folder.toString()));
    // Those of the project could be due between two lines of a test.
    for (String schedule : List.of("heal", "sweep")) {
      line.addAll(List.of("--set", "schedules/%s/cron=30 2 1 1 *".formatted(schedule)));
    }
    line.addAll(List.of(arguments));
    return Lake.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(line.toArray(String[]::new));
  }
}
