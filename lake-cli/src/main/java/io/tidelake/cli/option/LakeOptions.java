package io.tidelake.cli.option;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.LakeHome;
import io.tidelake.secret.Secrets;
import io.tidelake.stack.StackAddresses;
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
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;

/** The options of every command that works on a lake: which project, which configuration. */
public final class LakeOptions {

  private static final Duration STARTS_WITHIN = Duration.ofMinutes(5);
  private static final long STACK_POLL_MILLIS = 500;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "Configuration to use. Default: conf/lake.yaml of the project.")
  private Path file;

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

  /** The project's folder. */
  public LakeHome home() {
    return LakeHome.find();
  }

  /**
   * The configuration: the file's values, over them those of the local stack when it runs, over
   * them those of {@code --set}. A file that the user names is taken without the stack.
   *
   * @throws io.tidelake.error.LakeException when it cannot be read or holds an unknown name
   * @throws ParameterException when a secret was typed
   */
  public LakeConfig config() {
    refuseSecrets(command, overrides);
    Path source = file == null ? home().config() : file;
    Map<String, String> values = new HashMap<>();
    if (file == null) {
      runningStack().ifPresent(stack -> values.putAll(stack.configuration()));
    }
    values.putAll(overrides);
    LakeConfig config = LakeConfig.load(source, values);
    // The same lake wherever the command is typed.
    resolve(values, "catalog/warehouse", config.catalog().get("warehouse"));
    resolve(values, "cluster/checkpoints", config.cluster().checkpoints());
    resolve(values, "publisher/location", config.publisher().location());
    return LakeConfig.load(source, values);
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
    if (file != null
        && spec.findOption("--config") != null
        && !command.hasMatchedOption("--config")) {
      arguments.addAll(List.of("--config", file.toAbsolutePath().toString()));
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
   * Waits while the local stack is starting, and says so. Without a stack, or with a file that the
   * user names, there is nothing to wait for.
   *
   * @throws LakeException when it is still starting after five minutes
   */
  public void awaitStack(PrintWriter progress) throws InterruptedException {
    Instant deadline = Instant.now().plus(STARTS_WITHIN);
    boolean told = false;
    while (file == null && runningStack().filter(stack -> !stack.ready()).isPresent()) {
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
    return home().root().resolve(".lake/stack");
  }

  private void resolve(Map<String, String> values, String key, String folder) {
    boolean typedHere = overrides.containsKey(key);
    if (folder != null
        && !folder.isEmpty()
        && !typedHere
        && !folder.contains(":")
        && !Path.of(folder).isAbsolute()) {
      values.put(key, home().root().resolve(folder).toString());
    }
  }
}
