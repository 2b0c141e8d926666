package io.tidelake.cli;

import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeHome;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** The options of every command that works on a lake: which project, which configuration. */
final class LakeOptions {

  private static final String WAREHOUSE = "warehouse";

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
        "For example: --set catalog/warehouse=/data/lake"
      })
  private Map<String, String> values = new LinkedHashMap<>();

  /** The project's folder. */
  LakeHome home() {
    return LakeHome.find();
  }

  /**
   * The configuration with the values of {@code --set}.
   *
   * @throws io.tidelake.tables.LakeException when it cannot be read or holds an unknown name
   */
  LakeConfig config() {
    LakeHome home = home();
    Path source = file == null ? home.config() : file;
    LakeConfig config = LakeConfig.load(source, values);
    String warehouse = config.catalog().get(WAREHOUSE);
    if (warehouse == null || values.containsKey("catalog/" + WAREHOUSE) || !isRelative(warehouse)) {
      return config;
    }
    // The same lake wherever the command is typed.
    Map<String, String> resolved = new HashMap<>(values);
    resolved.put("catalog/" + WAREHOUSE, home.root().resolve(warehouse).toString());
    return LakeConfig.load(source, resolved);
  }

  private static boolean isRelative(String warehouse) {
    return !warehouse.contains(":") && !Path.of(warehouse).isAbsolute();
  }
}
