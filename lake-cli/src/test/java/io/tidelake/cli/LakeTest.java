/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.StringWriter;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** What holds for all commands. */
class LakeTest {

  @TempDir private Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "frobnicate                          | frobnicate",
        "frobnicate --help                   | frobnicate",
        "--help frobnicate                   | frobnicate",
        "tables frobnicate --help            | frobnicate",
        "tables show --frobnicate --help     | --frobnicate",
        "tables show --help --frobnicate     | --frobnicate",
        "stream list frobnicate --version    | frobnicate",
      })
  void whatIsUnknownIsAnErrorAlsoBesideHelp(String line, String unknown) {
    assertThat(run(line.split(" "))).isEqualTo(2);
    assertThat(err.toString())
        .containsPattern("^(Unmatched argument|Unknown option).*'" + unknown + "'");
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void helpIsNoError() {
    assertThat(run("tables", "show", "--help")).isZero();
    assertThat(out.toString()).contains("Usage: lake tables show").contains("Example: lake");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void everyResultIsPrintedForMachinesToo() {
    List<String> without = List.of("lake trino", "lake completion");
    assertThat(runnable(Lake.commandLine()))
        .hasSizeGreaterThan(30)
        .filteredOn(command -> !without.contains(command.getCommandSpec().qualifiedName()))
        .allSatisfy(
            command ->
                assertThat(command.getCommandSpec().findOption("-o"))
                    .as(command.getCommandSpec().qualifiedName())
                    .isNotNull());
  }

  /** As on a platform with other line ends: tools that read lines meet no carriage return. */
  @ParameterizedTest
  @ValueSource(strings = {"tables show --help", "logs", "logs nobody", "frobnicate"})
  void linesEndWithALineFeed(String line) throws Exception {
    Files.createFile(folder.resolve("lake.yaml"));
    assertThat(runProcess(List.of("-Dline.separator=\r\n"), line.split(" ")))
        .contains("\n")
        .doesNotContain("\r");
  }

  /** Without a second of looking at the options of all the others, and without their libraries. */
  @Test
  void aProcessLooksOnlyAtTheCommandThatIsMeant() throws Exception {
    Path loaded = folder.resolve("loaded");
    List<String> log = List.of("-Xlog:class+load:file=" + loaded);
    assertThat(runProcess(log, "--help")).isEqualTo(Lake.commandLine().getUsageMessage());
    assertThat(loaded)
        .content()
        .contains("io.tidelake.cli.Lake ")
        .doesNotContain("org.apache.", "com.fasterxml.", "cli.option.LakeOptions");
    assertThat(runProcess(log, "tables", "show", "--help")).startsWith("Usage: lake tables show ");
    assertThat(loaded).content().doesNotContain("org.apache.flink.");
  }

  private String runProcess(List<String> options, String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin/java").toString());
    command.addAll(options);
    command.addAll(
        List.of(
            "-Dlake.log=lake.log",
            "-cp",
            System.getProperty("java.class.path"),
            Lake.class.getName()));
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true).start();
    try {
      return new String(process.getInputStream().readAllBytes(), UTF_8);
    } finally {
      process.destroyForcibly().waitFor();
    }
  }

  @Test
  void whatChangesALakeSaysWhichOne() {
    String said = "lake: %s (filesystem)\n".formatted(folder);
    assertThat(inFolder("tables", "apply")).isZero();
    assertThat(err.toString()).startsWith(said);
    assertThat(inFolder("tables", "show")).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(inFolder("maintain")).isZero();
    assertThat(err.toString()).isEqualTo(said);
    assertThat(inFolder("maintain", "--dry-run")).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(inFolder("dead-letters", "drop", "-o", "json")).isZero();
    assertThat(err.toString()).isEqualTo(said);
    assertThat(out.toString()).isEqualTo("{\"dropped\":0}\n");
    assertThat(inFolder("tables", "tag", "dim_region")).isZero();
    assertThat(err.toString()).isEmpty();
    assertThat(inFolder("tables", "tag", "dim_region", "before")).isEqualTo(3);
    assertThat(err.toString()).startsWith(said + "error TABLE_EMPTY");
    assertThat(
            run(
                "tables",
                "apply",
                "--set",
                "catalog/metastore=jdbc",
                "--set",
                "catalog/uri=jdbc:nothing://host/lake"))
        .isEqualTo(1);
    assertThat(err.toString()).contains(" (jdbc catalog jdbc:nothing://host/lake)\n");
  }

  private int inFolder(String... arguments) {
    return run(
        Stream.concat(Stream.of(arguments), Stream.of("--set", "catalog/warehouse=" + folder))
            .toArray(String[]::new));
  }

  private static List<CommandLine> runnable(CommandLine command) {
    Object action = command.getCommandSpec().userObject();
    return Stream.concat(
            Stream.of(command)
                .filter(one -> action instanceof Callable || action instanceof Method),
            command.getSubcommands().values().stream().flatMap(one -> runnable(one).stream()))
        .toList();
  }

  private int run(String... arguments) {
    return CommandRun.of(out, err, arguments);
  }
}
