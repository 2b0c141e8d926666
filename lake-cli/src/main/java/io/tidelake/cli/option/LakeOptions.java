/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.option;

import io.tidelake.config.Folders;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import io.tidelake.secret.Secrets;
import io.tidelake.stack.StackAddresses;
import io.tidelake.stack.StackOptions;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The options of every command that works on a lake: which project, which configuration. */
public final class LakeOptions {

  private static final Duration STARTS_WITHIN = Duration.ofMinutes(5);
  private static final long STACK_POLL_MILLIS = 500;

  @Mixin private ProjectOption project;

  @Option(
      names = "--set",
      paramLabel = "PATH=VALUE",
      description = {
        "Set a value of the configuration; can be repeated.",
        "For example: --set catalog/warehouse=/data/lake",
        "A secret is referred to: '--set catalog/s3.secret-key=$${env:NAME}' or $${file:PATH}."
      })
  private Map<String, String> overrides = new LinkedHashMap<>();

  @Spec(Spec.Target.MIXEE)
  private CommandSpec command;

  /** The file of the project. */
  public Path project() {
    return project.file();
  }

  /** The same for a command that can do without: empty when none is named and none is there. */
  public Optional<Path> projectIfAny() {
    return project.fileIfAny();
  }

  /** What the lake writes for itself in the project's folder. */
  public Path work() {
    return project.work();
  }

  /**
   * The configuration: the file's values, over them those of the project's local stack when it
   * runs, over them those of {@code --set}. A file of another name than {@code lake.yaml} is taken
   * without the stack.
   *
   * @throws io.tidelake.error.LakeException when it cannot be read or holds an unknown name
   * @throws ParameterException when a secret was typed
   */
  public LakeConfig config() {
    refuseSecrets();
    Map<String, String> values = new HashMap<>();
    if (isOfStack()) {
      runningStack().ifPresent(stack -> values.putAll(stack.configuration()));
    }
    // What is typed is meant from where it is typed.
    overrides.forEach(
        (path, value) ->
            values.put(
                path,
                Folders.ELSEWHERE.contains(path) ? Folders.placed(Path.of(""), value) : value));
    return LakeConfig.load(project(), values);
  }

  /**
   * The configuration for a command that changes something: says which lake that is about, on
   * standard error.
   *
   * @throws io.tidelake.error.LakeException when it cannot be read or holds an unknown name
   * @throws ParameterException when a secret was typed
   */
  public LakeConfig configToChange() {
    LakeConfig config = config();
    Map<String, String> catalog = config.catalog();
    String kind = catalog.getOrDefault("metastore", StackOptions.Metastore.filesystem.name());
    String uri = catalog.get("uri");
    PrintWriter err = command.commandLine().getErr();
    err.println(
        Secrets.mask(
            "lake: %s (%s)"
                .formatted(
                    catalog.get("warehouse"), uri == null ? kind : kind + " catalog " + uri)));
    err.flush();
    return config;
  }

  /**
   * Refuses secrets among values of {@code --set}, before anything else is done.
   *
   * @throws ParameterException that names the path of one, without its value
   */
  public void refuseSecrets() {
    refuseSecrets(command, overrides);
  }

  private boolean isOfStack() {
    return project().endsWith(ProjectFile.NAME);
  }

  /**
   * Refuses secrets among values of {@code --set}: all users of a machine see the arguments of its
   * processes.
   *
   * @param values what was typed, by path
   * @throws ParameterException that names the path of one, without its value
   */
  public static void refuseSecrets(CommandSpec command, Map<String, String> values) {
    values.forEach(
        (path, value) -> {
          if (Secrets.isTold(path.substring(path.lastIndexOf('/') + 1), value)) {
            throw new ParameterException(
                command.commandLine(),
                "--set %1$s=%2$s tells a secret to everybody who lists processes; write it as '--set %1$s=${env:NAME}', with the secret in the environment variable NAME, or as ${file:PATH}, or put it into the configuration file"
                    .formatted(path, Secrets.HIDDEN));
          }
        });
  }

  /**
   * What another command needs to use the same configuration.
   *
   * @param command what it has already; that stands
   */
  public List<String> argumentsFor(ParseResult command) {
    List<String> arguments = new ArrayList<>();
    CommandSpec spec = command.commandSpec();
    if (spec.findOption(ProjectOption.NAME) != null
        && !command.hasMatchedOption(ProjectOption.NAME)) {
      arguments.addAll(List.of(ProjectOption.NAME, project().toString()));
    }
    if (spec.findOption("--set") != null) {
      Map<String, String> values = new LinkedHashMap<>(overrides);
      values.keySet().removeAll(command.matchedOptionValue("--set", Map.of()).keySet());
      values.forEach((path, value) -> arguments.addAll(List.of("--set", path + "=" + value)));
    }
    return arguments;
  }

  /** The stack of `lake up`, when it runs. */
  public Optional<StackAddresses> runningStack() {
    return StackAddresses.find(stackDir()).filter(StackAddresses::isRunning);
  }

  /**
   * Waits while the local stack is starting, and says so. Without a stack, or with a file of
   * another name than {@code lake.yaml}, there is nothing to wait for.
   *
   * @throws LakeException when it is still starting after five minutes
   */
  public void awaitStack(PrintWriter progress) throws InterruptedException {
    Instant deadline = Instant.now().plus(STARTS_WITHIN);
    boolean told = false;
    while (isOfStack() && runningStack().filter(stack -> !stack.ready()).isPresent()) {
      if (Instant.now().isAfter(deadline)) {
        throw new LakeException(
            ErrorCode.STACK_NOT_READY,
            "The local stack is still starting after %d minutes."
                .formatted(STARTS_WITHIN.toMinutes()),
            "`lake status` shows which server does not answer; their logs are in %s."
                .formatted(stackDir().resolve("logs")));
      }
      if (!told) {
        progress.println("Waiting for the local stack, which is starting ...");
        told = true;
      }
      Thread.sleep(STACK_POLL_MILLIS);
    }
  }

  /** The work directory of `lake up`. */
  public Path stackDir() {
    return work().resolve("stack");
  }
}
