/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import io.tidelake.secret.Secrets;
import io.tidelake.tables.flink.FlinkSession;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LakeConfigTest {

  private static final Path REAL = ProjectFile.find();
  private static final String OTHERS = "catalog: {}\ndatabase: lake\nsource: {}\ncluster: {}\n";

  @TempDir private Path folder;

  @Test
  void readsTheConfigurationOfTheProject() {
    LakeConfig config = LakeConfig.load(REAL, Map.of());
    assertThat(config.database()).isEqualTo("lake");
    assertThat(config.catalog())
        .containsEntry("warehouse", REAL.resolveSibling(".lake/warehouse").toString());
    assertThat(config.openDays()).isEqualTo(60);
    assertThat(config.tableOptions()).containsEntry("write-only", "true");
    assertThat(config.jobs()).containsKeys("capture", "facts", "marts", "compaction");
    assertThat(config.job("capture").pipelines()).containsExactly("ods", "dim", "lake_clock_ods");
    assertThat(config.job("compaction").pipelines()).isEmpty();
  }

  @Test
  void foldersLieBesideTheFileWhereverTheCommandIsTyped() throws IOException {
    Path file = folder.resolve("lake.yaml");
    Files.writeString(
        file,
        """
        folders: {tables: engine/tables, queries: /elsewhere}
        catalog: {warehouse: data/lake}
        database: lake
        open-days: 1
        source: {bootstrap-servers: "h:1", topic-prefix: p}
        cluster: {rest-address: "h:1", checkpoints: "s3://bucket/checkpoints"}
        """);
    LakeConfig config = LakeConfig.load(file, Map.of());
    assertThat(config.folders())
        .isEqualTo(
            new Folders(
                folder,
                folder.resolve("engine/tables"),
                folder.resolve("sources"),
                folder.resolve("pipelines"),
                folder.resolve("mappings"),
                Path.of("/elsewhere")));
    assertThat(config.catalog()).containsEntry("warehouse", folder.resolve("data/lake").toString());
    assertThat(config.cluster().checkpoints()).isEqualTo("s3://bucket/checkpoints");
    assertThatThrownBy(() -> LakeConfig.load(file, Map.of("folders/root", "elsewhere")))
        .hasMessageContaining("'folders/root' is no setting");
  }

  @Test
  void overridesReplaceAndAddValues() {
    LakeConfig config =
        LakeConfig.load(
            REAL,
            Map.of(
                "database", "other",
                "source/bootstrap-servers", "kafka:1",
                "catalog/s3.endpoint", "http://localhost:9000",
                "jobs/marts/table-options/dim_region/lookup.async", "true"));
    assertThat(config.database()).isEqualTo("other");
    assertThat(config.sqlParameters())
        .containsEntry("source.bootstrap-servers", "kafka:1")
        .containsEntry("source.topic-prefix", "lake.logistics");
    assertThat(config.catalog()).containsKeys("warehouse", "s3.endpoint");
    assertThat(config.job("marts").tableOptions().get("dim_region"))
        .containsEntry("lookup.async", "true");
    assertThat(config.job("marts").pipelines()).contains("ads_overview");
  }

  @Test
  void theOfflineWarehouseIsThatOfTheCatalogUnlessItIsConfigured() {
    assertThat(LakeConfig.load(REAL, Map.of()).hive().uri()).isNull();
    Map<String, String> catalog =
        Map.of("catalog/metastore", "hive", "catalog/uri", "thrift://a:1");
    assertThat(LakeConfig.load(REAL, catalog).hive().uri()).isEqualTo("thrift://a:1");
    assertThat(
            LakeConfig.load(
                    REAL,
                    Map.of(
                        "catalog/metastore",
                        "hive",
                        "catalog/uri",
                        "thrift://a:1",
                        "hive/uri",
                        "thrift://b:2"))
                .hive()
                .uri())
        .isEqualTo("thrift://b:2");
    assertThat(
            LakeConfig.load(REAL, Map.of("catalog/metastore", "rest", "catalog/uri", "http://a"))
                .hive()
                .uri())
        .isNull();
  }

  @Test
  void schedulesHaveDefaultsAndMayBeMissing() throws IOException {
    LakeConfig config =
        LakeConfig.load(
            REAL, Map.of("schedules/extra/cron", "30 2 * * *", "schedules/extra/retries", "5"));
    assertThat(config.schedules()).containsKey("dimension-repair");
    assertThat(config.schedules().get("extra"))
        .isEqualTo(
            new ScheduleConfig(
                "30 2 * * *",
                "",
                5,
                Duration.ofMinutes(5),
                Duration.ofHours(6),
                ScheduleConfig.CatchUp.latest));
    Path file = write(OTHERS + "open-days: 60\n");
    assertThat(LakeConfig.load(file, Map.of()).schedules()).isEmpty();
    assertInvalid(REAL, Map.of("schedules/extra/catch-up", "newest"), "schedules/extra/catch-up");
  }

  @Test
  void whatBackfillsMayTakeHasDefaultsForEachValue() throws IOException {
    BackfillConfig defaults =
        LakeConfig.load(write(OTHERS + "open-days: 60\n"), Map.of()).backfill();
    assertThat(defaults).isEqualTo(LakeConfig.load(REAL, Map.of()).backfill());
    Path file = write(OTHERS + "open-days: 60\nbackfill: {parallelism: 4}\n");
    assertThat(LakeConfig.load(file, Map.of()).backfill())
        .isEqualTo(
            new BackfillConfig(
                4, defaults.rowsPerSecond(), defaults.maxRejects(), defaults.undoFor()));
  }

  @Test
  void refusesAnUnknownNameInTheFile() throws IOException {
    Path file = write(OTHERS + "open-days: 60\ndatabse: lake\n");
    assertInvalid(file, Map.of(), "databse");
  }

  @Test
  void refusesAnUnknownNameInAnOverride() {
    assertInvalid(REAL, Map.of("source/topics", "a"), "topics");
  }

  @Test
  void refusesAnOverrideOfTheWrongKind() {
    assertInvalid(REAL, Map.of("jobs/marts", "ods"), "marts");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "backfill/parallelism      | 0        | 'backfill/parallelism' is 0; it must be 1 or more",
        "backfill/parallelism      | 1.5      | 'backfill/parallelism' is '1.5'; it must be a whole number",
        "backfill/undo-for         | 7 weeks  | 'backfill/undo-for' is '7 weeks'; it must be a duration",
        "publisher/parallelism     | 1000     | 'publisher/parallelism' is 1000; it must be 1 to 256",
        "publisher/poll-interval   | 1 ms     | 'publisher/poll-interval' is 1 ms; it must be 10 ms or more",
        "schedules/sweep/retries   | -1       | 'schedules/sweep/retries' is -1; it must be 0 or more",
        "schedules/sweep/timeout   | 0 s      | 'schedules/sweep/timeout' is 0 ms; it must be 1 ms or more",
        "schedules/sweep/catch-up  | newest   | it must be latest or all or none",
        "maintain/tables/t/days-for| long     | 'maintain/tables/t/days-for' is 'long'; it must be a duration"
      })
  void refusesWrongValuesWithPathAndRange(String path, String value, String message) {
    assertInvalid(REAL, Map.of(path, value), message);
    assertInvalid(REAL, Map.of(path, value), "(given with --set)");
  }

  @Test
  void namesTheLineOfAWrongValueOrName() throws IOException {
    assertInvalid(
        write(OTHERS + "open-days: 60\n# A comment.\nbackfill:\n  parallelism: 0\n"),
        Map.of(),
        "lake.yaml, line 8: 'backfill/parallelism' is 0");
    assertInvalid(
        write(OTHERS + "open-days: 60\nbackfill:\n  paralelism: 1\n"),
        Map.of(),
        "lake.yaml, line 7: 'backfill/paralelism' is no setting; here are max-rejects, parallelism");
  }

  @Test
  void refusesAnEmptyFileAndAMissingName() throws IOException {
    assertInvalid(write(""), Map.of(), "no names");
    assertInvalid(write("catalog: {}\nsource: {}\n"), Map.of(), "'cluster' is missing");
  }

  @Test
  void optionsThatEveryProjectHasLieUnderThoseOfTheFile() throws IOException {
    LakeConfig config =
        LakeConfig.load(
            write(
                OTHERS
                    + "table-options: {file.format: orc}\n"
                    + "publisher: {catalog: {uri: thrift://h:1}}\n"),
            Map.of());
    assertThat(config.tableOptions())
        .containsEntry("file.format", "orc")
        .containsEntry("write-only", "true");
    assertThat(config.publisher().catalog())
        .isEqualTo(Map.of("type", "hive", "uri", "thrift://h:1"));
  }

  @Test
  void refusesDaysThatAreNoNumberOfDays() throws IOException {
    assertThat(LakeConfig.load(write(OTHERS), Map.of()).openDays()).isEqualTo(60);
    assertInvalid(REAL, Map.of("open-days", "-1"), "'open-days' is -1");
    assertInvalid(REAL, Map.of("open-days", "two months"), "open-days");
  }

  @Test
  void timeZonesAreUtcUnlessConfigured() throws IOException {
    LakeConfig plain = LakeConfig.load(write(OTHERS + "open-days: 60\n"), Map.of());
    assertThat(plain.timeZone()).isEqualTo(ZoneId.of("UTC"));
    assertThat(plain.source().timeZone()).isEqualTo(ZoneId.of("UTC"));
    LakeConfig zones =
        LakeConfig.load(
            REAL, Map.of("time-zone", "Asia/Shanghai", "source/time-zone", "America/New_York"));
    assertThat(zones.timeZone()).isEqualTo(ZoneId.of("Asia/Shanghai"));
    assertThat(zones.source().timeZone()).isEqualTo(ZoneId.of("America/New_York"));
    assertInvalid(REAL, Map.of("time-zone", "Asia/Peking"), "'time-zone' is 'Asia/Peking'");
    assertInvalid(REAL, Map.of("source/time-zone", "8"), "'source/time-zone' is '8'");
  }

  @ParameterizedTest
  @CsvSource({
    "Asia/Shanghai, 2026-06-19 07:30",
    "America/New_York, 2026-06-18 19:30",
    "+08:00, 2026-06-19 07:30",
    "UTC-3, 2026-06-18 20:30",
    "UTC, 2026-06-18 23:30"
  })
  void sessionsHaveTheBusinessTimeZone(String zone, String local) throws Exception {
    LakeConfig config =
        LakeConfig.load(REAL, Map.of("time-zone", zone)).withWarehouse(folder.resolve("lake"));
    // 2026-06-18T23:30Z, in seconds
    String query = "SELECT DATE_FORMAT(TO_TIMESTAMP_LTZ(1781825400, 0), 'yyyy-MM-dd HH:mm')";
    try (CloseableIterator<Row> rows = FlinkSession.openBatch(config).executeSql(query).collect()) {
      assertThat(rows.next().getField(0)).isEqualTo(local);
    }
  }

  @Test
  void refusesWhatIsNotYaml() throws IOException {
    assertInvalid(write("catalog: [1"), Map.of(), "lake.yaml");
  }

  @Test
  void namesAFileThatIsNotThere() {
    assertThatThrownBy(() -> LakeConfig.load(folder.resolve("none.yaml"), Map.of()))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.CONFIG_UNREADABLE))
        .hasMessageContaining("none.yaml");
  }

  @Test
  void namesTheJobsWhenOneIsUnknown() {
    LakeConfig config = LakeConfig.load(REAL, Map.of());
    assertThatThrownBy(() -> config.job("mart"))
        .isInstanceOf(LakeException.class)
        .hasMessageContaining("'mart'")
        .hasMessageContaining("marts");
  }

  @Test
  void valuesReferToSecretsAndSchedulesToTimes() throws IOException {
    secret("keys/s3", "s3cret-of-the-store");
    Path file =
        write(
            """
            catalog: {warehouse: /lake, s3.secret-key: "${file:keys/s3}"}
            database: lake
            open-days: 60
            cluster: {}
            source: {topic-prefix: "${file:keys/s3}-${other}", database: {password: in-plain-text}}
            schedules: {daily: {cron: "0 0 * * *", command: "publish ${fire-day} ${env:NONE}"}}
            """);

    LakeConfig config = LakeConfig.load(file, Map.of("flink/s3.secret-key", "${file:keys/s3}"));

    assertThat(config.catalog()).containsEntry("s3.secret-key", "s3cret-of-the-store");
    assertThat(config.flink()).containsEntry("s3.secret-key", "s3cret-of-the-store");
    assertThat(config.source().topicPrefix()).isEqualTo("s3cret-of-the-store-${other}");
    assertThat(config.schedules().get("daily").command())
        .isEqualTo("publish ${fire-day} ${env:NONE}");
    assertThat(Secrets.mask(config.source().database().password())).isEqualTo(Secrets.HIDDEN);
  }

  @Test
  void asATextItHidesSecrets() throws IOException {
    Map<String, String> options = Map.of("s3.secret-key", "k3y", "s3.endpoint", "http://s");
    LakeConfig config =
        LakeConfig.load(write(OTHERS + "open-days: 60\n"), Map.of())
            .withCatalog(options)
            .withFlink(options)
            .withTableOptions(options)
            .withTrino(new TrinoConfig(null, options))
            .withJobs(Map.of("ods", new JobConfig(null, options, null)))
            .withSource(
                new SourceConfig(
                    null,
                    null,
                    null,
                    new SourceConfig.Database("jdbc:a?password=k3y", "u", "k3y"),
                    null,
                    null));
    config = config.withPublisher(config.publisher().withCatalog(options));

    assertThat(config.toString())
        .doesNotContain("k3y")
        .contains("s3.secret-key=******", "s3.endpoint=http://s", "user=u, password=******");
  }

  @Test
  void saysWhichSecretIsMissing() throws IOException {
    Path file = write(OTHERS + "open-days: 60\n");
    assertInvalid(
        file,
        Map.of("publisher/catalog/jdbc.password", "${env:NOBODY_HAS_SET_THIS}"),
        "publisher/catalog/jdbc.password of " + file + ": the environment variable");
    assertInvalid(
        file, Map.of("catalog/s3.secret-key", "${file:none}"), "" + folder.resolve("none"));
  }

  @Test
  void tellsNoSecretOfAFileThatItDoesNotUnderstand() throws IOException {
    secret("days", "s3cret-number-of-days");
    Path broken = write("source:\n  database: {password: \"s3cret-of-a-broken-file}\n");
    Path wrong = write("wrong.yaml", OTHERS + "open-days: ${file:days}\n");
    for (Path file : List.of(broken, wrong)) {
      assertThatThrownBy(() -> LakeConfig.load(file, Map.of()))
          .isInstanceOfSatisfying(
              LakeException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
          .hasMessageNotContaining("s3cret");
    }
    assertThatThrownBy(() -> LakeConfig.load(broken, Map.of()))
        .hasMessageContaining("line")
        .satisfies(
            error -> {
              StringWriter trace = new StringWriter();
              error.printStackTrace(new PrintWriter(trace, true));
              assertThat(trace.toString()).doesNotContain("s3cret");
            });
  }

  private void secret(String name, String content) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, content + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
  }

  private static void assertInvalid(Path file, Map<String, String> overrides, String part) {
    assertThatThrownBy(() -> LakeConfig.load(file, overrides))
        .isInstanceOfSatisfying(
            LakeException.class,
            error -> assertThat(error.code()).isEqualTo(ErrorCode.CONFIG_INVALID))
        .hasMessageContaining(part);
  }

  private Path write(String text) throws IOException {
    return write("lake.yaml", text);
  }

  private Path write(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }
}
