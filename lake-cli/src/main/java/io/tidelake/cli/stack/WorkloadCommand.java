/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stack;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.option.RateOption;
import io.tidelake.cli.option.WorkloadOptionsMixin;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.secret.SecretReferences;
import io.tidelake.secret.Secrets;
import io.tidelake.stack.StackAddresses;
import io.tidelake.workload.WorkloadWriter;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicLong;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code lake workload}. */
@Command(
    name = "workload",
    description = {
      "Write the order system's transactions into the database of the local stack, or another one.",
      "An interrupted workload goes on where it was; a database takes one workload.",
      "The commands below know what equal options write, without the database."
    },
    mixinStandardHelpOptions = true,
    subcommands = {WorkloadExportCommand.class, WorkloadCheckCommand.class},
    footer = {"", "Example: lake workload --orders 10000 --rate 800 --seed 3"})
public final class WorkloadCommand implements Callable<Integer> {

  @Mixin private LakeOptions lake;
  @Mixin private WorkloadOptionsMixin workload;
  @Mixin private RateOption rate;

  @Option(
      names = "--jdbc-url",
      description = {
        "MariaDB or MySQL, with user and password. Default: that of the local stack.",
        "The password is referred to: '…?user=shop&password=$${env:NAME}' or $${file:PATH}."
      })
  private String jdbcUrl;

  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  /** What was written, for machines. */
  private record Written(long seed, int orders, long changes) {}

  @Override
  public Integer call() throws Exception {
    if (jdbcUrl != null) {
      jdbcUrl = withSecrets(jdbcUrl);
    } else {
      jdbcUrl =
          lake.runningStack()
              .map(StackAddresses::jdbcUrl)
              .orElseThrow(
                  () ->
                      new LakeException(
                          ErrorCode.STACK_NOT_RUNNING,
                          "No local stack is running, and no other database was named.",
                          "Start it with `lake up`, or name a database with --jdbc-url."));
    }
    AtomicLong changes = new AtomicLong();
    WorkloadWriter.createSchema(jdbcUrl);
    new WorkloadWriter(
            jdbcUrl,
            lake.config().source().timeZone(),
            rate.changesPerSecond(),
            (rows, time) -> changes.addAndGet(rows.size()))
        .write(workload.options());
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.printJson(
          out, new Written(workload.options().seed(), workload.options().orders(), changes.get()));
    } else {
      out.println(changes + " changes are in the database");
    }
    return 0;
  }

  private String withSecrets(String url) {
    if (Secrets.isTold("", url)) {
      throw new ParameterException(
          spec.commandLine(),
          "--jdbc-url tells a password to everybody who lists processes; write password=${env:NAME}, with the password in the environment variable NAME, or password=${file:PATH}");
    }
    try {
      return new SecretReferences(Path.of("").toAbsolutePath()).resolve(url);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--jdbc-url: " + e.getMessage(), e);
    }
  }

  /**
   * Refuses options of {@code lake workload} itself before a command of it: {@code lake workload
   * --orders 9 export DIR} would be taken for the default number of orders without a word.
   *
   * @throws ParameterException when there are some
   */
  static void refuseOptionsBefore(CommandSpec command) {
    List<String> misplaced =
        command.parent().commandLine().getParseResult().matchedOptions().stream()
            .filter(option -> option.scopeType() == ScopeType.LOCAL)
            .map(OptionSpec::longestName)
            .toList();
    if (!misplaced.isEmpty()) {
      throw new ParameterException(
          command.commandLine(),
          "Write " + String.join(", ", misplaced) + " behind `" + command.name() + "`");
    }
  }
}
