/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.option;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.tidelake.cli.CommandRun;
import io.tidelake.cli.Lake;
import io.tidelake.error.ErrorCode;
import io.tidelake.stack.process.Installation;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.logging.log4j.core.LoggerContext;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(value = 2, unit = TimeUnit.MINUTES)
class SecretsInCommandsTest {

  private static final String SECRET = "pa55-of-SecretsInCommandsTest";
  private static final String VALUES =
      "catalog: {warehouse: w}\ndatabase: lake\nopen-days: 60\nsource: {}\ncluster: {}\n";
  private static final String VARIABLE = "LAKE_TEST_SECRET";

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "catalog/s3.secret-key=" + SECRET,
        "catalog/s3.access-key=" + SECRET,
        "source/database/password=" + SECRET,
        "source/database/url=jdbc:mariadb://host/db?password=" + SECRET,
        "publisher/catalog/uri=http://user:" + SECRET + "@host/"
      })
  void refusesSecretsAmongArguments(String typed) {
    assertThat(run("tables", "plan", "--set", typed)).isEqualTo(2);
    assertThat(err.toString())
        .contains(typed.substring(0, typed.indexOf('=')), "${env:NAME}", "${file:PATH}")
        .doesNotContain(SECRET);
  }

  @Test
  void wrongUsageTellsNoSecret() {
    assertThat(run("query", "--password=" + SECRET, "SELECT 1")).isEqualTo(2);
    assertThat(err.toString())
        .contains("Unknown option: '--password=******'", "Possible solutions: --param")
        .doesNotContain(SECRET);
  }

  @Test
  void takesReferencesAmongArguments() throws IOException {
    Path secret = Files.writeString(folder.resolve("secret"), SECRET);
    Files.setPosixFilePermissions(secret, PosixFilePermissions.fromString("rw-------"));
    assertThat(
            run(
                "tables",
                "plan",
                "--set",
                "catalog/warehouse=" + folder.resolve("warehouse"),
                "--set",
                "catalog/s3.secret-key=${file:" + secret + "}"))
        .as(err.toString())
        .isZero();
    assertThat(run("tables", "plan", "--set", "catalog/s3.secret-key=${env:NOBODY_SET_THIS}"))
        .isEqualTo(3);
    assertThat(err.toString())
        .startsWith("error CONFIG_INVALID: ")
        .contains("catalog/s3.secret-key", "'NOBODY_SET_THIS' is not set");
  }

  @Test
  void refusesAPasswordInAnAddress() {
    String url = "jdbc:mariadb://127.0.0.1:1/?user=shop&password=";
    assertThat(run("workload", "--jdbc-url", url + SECRET)).isEqualTo(2);
    assertThat(err.toString()).contains("password=${env:NAME}").doesNotContain(SECRET);
    assertThat(run("workload", "--jdbc-url", url + "${env:NOBODY_SET_THIS}")).isEqualTo(2);
    assertThat(err.toString()).contains("'NOBODY_SET_THIS' is not set");
  }

  @Test
  void refusesAScheduleThatWouldTellASecret() throws IOException {
    Path config = folder.resolve("lake.yaml");
    String schedule =
        "schedules: {leak: {cron: '0 0 * * *', command: 'maintain --set catalog/s3.secret-key=%s'}}";
    Files.writeString(config, VALUES + schedule.formatted(SECRET));
    assertThat(run("schedule", "--list", "--project", config.toString())).isEqualTo(3);
    assertThat(err.toString())
        .startsWith("error SCHEDULE_INVALID: ")
        .contains("leak", "tells a secret")
        .doesNotContain(SECRET);
  }

  @Test
  void theLogTellsNoValueThatIsCalledAPassword() throws IOException {
    Path log = folder.resolve("lake.log");
    System.setProperty("lake.log", log.toString());
    try (LoggerContext context = new LoggerContext("test", null, "classpath:log4j2.xml")) {
      context.start();
      context
          .getLogger("test")
          .warn(
              "at {}",
              "jdbc:a?Password=" + SECRET + "&b=c",
              new IOException("s3.secret-key=" + SECRET));
    } finally {
      System.clearProperty("lake.log");
    }
    assertThat(log)
        .content()
        .contains("jdbc:a?Password=******&b=c", "IOException: s3.secret-key=******", "\tat ")
        .doesNotContain(SECRET)
        .containsOnlyOnce("IOException");
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "open-days: \"${env:LAKE_TEST_SECRET}\"|CONFIG_INVALID",
        "catalog: {metastore: jdbc, uri: \"jdbc:nothing://h/?password=${env:LAKE_TEST_SECRET}\", warehouse: w}|CATALOG_UNAVAILABLE",
        "catalog: {metastore: hive, uri: \"thrift://127.0.0.1:1/${env:LAKE_TEST_SECRET}\"}|METASTORE_UNAVAILABLE",
        "catalog: {warehouse: \"s3://a/${env:LAKE_TEST_SECRET}\"}|CATALOG_UNSAFE",
      })
  void aBadConfigurationTellsNoSecretAnywhere(String line, ErrorCode code) throws Exception {
    Path config = folder.resolve("lake.yaml");
    String name = line.substring(0, line.indexOf(':'));
    Files.writeString(config, VALUES.replaceFirst("(?m)^" + name + ":.*\n", "") + line + "\n");

    List<String> told =
        runProcess(
            code.kind().exitCode(), "tables", "show", "--debug", "--project", config.toString());

    assertThat(told.get(0)).as("stderr").contains("error " + code, "******", "\tat io.tidelake.");
    assertThat(told).as("stderr, stdout, log").allMatch(text -> !text.contains(SECRET));
  }

  /** Its stderr, stdout and log. */
  private List<String> runProcess(int exitCode, String... arguments) throws Exception {
    Path log = folder.resolve("lake.log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.add("@" + Installation.jvmOptions());
    command.add("-Dlake.home=" + Installation.root());
    command.add("-Dlake.log=" + log);
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Lake.class.getName()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put(VARIABLE, SECRET);
    Path stderr = folder.resolve("stderr");
    Path stdout = folder.resolve("stdout");
    Process process =
        builder.redirectError(stderr.toFile()).redirectOutput(stdout.toFile()).start();
    try {
      assertThat(process.waitFor(90, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(exitCode);
      return List.of(
          Files.readString(stderr, UTF_8), Files.readString(stdout), Files.readString(log));
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  private int run(String... arguments) {
    return CommandRun.of(out, err, arguments);
  }
}
