/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.stack;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.MetastoreOption;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.option.RootCommand;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.LakeException;
import io.tidelake.stack.LocalStack;
import io.tidelake.stack.StackAddresses;
import io.tidelake.stack.StackOptions;
import io.tidelake.stack.server.LoseRows;
import io.tidelake.stack.server.TrinoJdk;
import io.tidelake.stack.server.TrinoServer;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.schema.TablePlan;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code lake up}. */
@Command(
    name = "up",
    description = {
      "Start the local stack - database, Kafka, change capture, Hive Metastore, Flink, Trino - and keep it",
      "running until Ctrl-C or `lake down`. Data stays in .lake/stack; the next `lake up` goes on with it."
    },
    mixinStandardHelpOptions = true,
    footer = {"", "Example: lake up -d"})
public final class UpCommand implements Callable<Integer> {

  private static final long CHECK_EVERY_MILLIS = 2000;

  @Mixin private LakeOptions lake;

  @Option(
      names = "--lose-rows",
      paramLabel = "FRACTION",
      defaultValue = "0",
      description =
          "Lose all change events of this part of the fact rows before Kafka, to see a backfill mend it."
              + " Keys choose the rows; name the same part at every start of a stack."
              + " From 0 to less than 1 (${DEFAULT-VALUE}).")
  private double lostRows;

  @Mixin private MetastoreOption metastore;

  @Option(names = "--without-trino", description = "Save its 1.2 GB of memory.")
  private boolean withoutTrino;

  @Option(
      names = {"-d", "--detach"},
      description = "Return when the stack is ready; `lake down` ends it, `lake logs` shows more.")
  private boolean detached;

  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (!LoseRows.isFraction(lostRows)) {
      throw new ParameterException(
          spec.commandLine(),
          "--lose-rows is " + lostRows + ", but must be 0 or more and less than 1");
    }
    if (detached) {
      return startDetached();
    }
    if (output.isJson()) {
      throw new ParameterException(
          spec.commandLine(), "-o json goes with --detach: a stack that runs on has no result.");
    }
    try (LocalStack stack =
        LocalStack.start(
            lake.stackDir(),
            new StackOptions(
                lake.project(), StackOptions.ENGINE_HEAP, lostRows, metastore.chosen(), trinoJdk()),
            System.out::println)) {
      LakeConfig config = LakeConfig.load(lake.project(), stack.addresses().configuration());
      try (LakeCatalog catalog = LakeCatalog.open(config)) {
        TablePlan plan = TablePlan.of(config, catalog);
        plan.apply(catalog);
        System.out.println(plan.changes().size() + " tables created or changed");
      }
      System.out.println("JDBC     " + stack.addresses().jdbcUrl());
      if (stack.addresses().ports().containsKey("trino")) {
        System.out.println(
            "Trino    " + TrinoServer.jdbcUrl(config, stack.addresses().port("trino")));
      }
      System.out.println(
          "Next     lake stream start     lake workload     lake query     lake status");
      System.out.println("The stack is up; `lake down` ends it, or Ctrl-C in its terminal.");
      stack.setReady();
      while (true) {
        stack.checkAlive();
        Thread.sleep(CHECK_EVERY_MILLIS);
      }
    }
  }

  private int startDetached() throws IOException, InterruptedException {
    PrintWriter err = spec.commandLine().getErr();
    RootCommand root = (RootCommand) spec.root().userObject();
    List<String> arguments =
        new ArrayList<>(
            List.of("up", "--lose-rows", "" + lostRows, "--metastore", metastore.chosen().name()));
    if (withoutTrino) {
      arguments.add("--without-trino");
    }
    arguments.addAll(lake.argumentsFor(root.newCommandLine().parseArgs("up").subcommand()));
    Optional<StackAddresses> stack =
        new DetachedStack(
                lake.stackDir(),
                line -> {
                  err.println(line);
                  err.flush();
                })
            .start(root.getClass().getName(), arguments);
    if (stack.isPresent() && output.isJson()) {
      OutputOption.printJson(spec.commandLine().getOut(), stack.get());
    }
    return stack.isPresent() ? 0 : 1;
  }

  /** Whoever has no JDK for Trino, or not its jars, gets the rest. */
  private Optional<Path> trinoJdk() {
    if (withoutTrino) {
      return Optional.empty();
    }
    try {
      TrinoServer.requireJars();
      return Optional.of(TrinoJdk.ofThisMachine().require());
    } catch (LakeException e) {
      System.out.println("without Trino: " + e.getMessage() + " " + e.remedy());
      return Optional.empty();
    }
  }
}
