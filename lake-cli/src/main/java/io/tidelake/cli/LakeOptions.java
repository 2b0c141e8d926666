package io.tidelake.cli;

import io.tidelake.stack.StackAddresses;
import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeHome;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of every command that works on a lake: which one it is. */
final class LakeOptions {

  @Option(
      names = "--config",
      description = "Configuration file. Default: conf/lake.yaml of the project.")
  private Path file;

  @Option(
      names = "--set",
      paramLabel = "path/to/key=value",
      description = "A value over the configuration's; can be repeated.")
  private Map<String, String> overrides = new LinkedHashMap<>();

  /** Where the SQL files lie. */
  LakeHome home() {
    return LakeHome.find();
  }

  /**
   * The configuration: the file's values, over them those of the local stack when it runs, over
   * them those of --set. A configuration file that the user names is taken without the stack.
   */
  LakeConfig config() {
    Map<String, String> values = new HashMap<>();
    if (file == null) {
      runningStack().ifPresent(stack -> values.putAll(stack.configuration()));
    }
    values.putAll(overrides);
    return LakeConfig.load(file == null ? home().config() : file, values);
  }

  /** The stack of `lake up`, when it runs. */
  Optional<StackAddresses> runningStack() {
    return StackAddresses.find(stackDir()).filter(StackAddresses::isRunning);
  }

  /** The work directory of `lake up`. */
  Path stackDir() {
    return home().root().resolve(".lake/stack");
  }
}
