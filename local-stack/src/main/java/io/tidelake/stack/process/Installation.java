package io.tidelake.stack.process;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where Tidelake itself lies, whatever project it works for. */
public final class Installation {

  /** The system property that names its folder; the {@code lake} script sets it. */
  public static final String PROPERTY = "lake.home";

  /** The system property with the JVM's options that open packages of the JDK. */
  static final String ADD_OPENS = "lake.add-opens";

  private Installation() {}

  /**
   * Its folder.
   *
   * @throws LakeException when the process was started in another way than by the script
   */
  public static Path root() {
    String folder = System.getProperty(PROPERTY);
    if (folder == null) {
      throw new LakeException(
          ErrorCode.INSTALLATION_UNKNOWN,
          "The system property " + PROPERTY + " does not say where Tidelake lies.",
          "Start it with the script `lake`, or set -D" + PROPERTY + "=FOLDER.");
    }
    return Path.of(folder).toAbsolutePath().normalize();
  }

  /** What a JVM of ours needs to find it: system properties. */
  public static Map<String, String> properties() {
    return Map.of(PROPERTY, root().toString(), ADD_OPENS, System.getProperty(ADD_OPENS, ""));
  }

  /** The script that runs the command. */
  public static Path command() {
    return root().resolve("lake");
  }

  /** The settings of the local stack's Trino. */
  public static Path trinoSettings() {
    return root().resolve("conf/trino");
  }

  /**
   * The jars of a server that do not go together with ours, as a class path.
   *
   * @param server name of its folder in {@code local-stack/servers}, for example {@code trino/main}
   * @throws LakeException when it was not built
   */
  public static String jarsOf(String server) {
    Path module = root().resolve("local-stack/servers").resolve(server);
    // The artifact of the module is named like its folder, behind the names of those above.
    Path file = module.resolve("target").resolve(server.replace('/', '-') + ".classpath");
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new LakeException(
          ErrorCode.SERVER_NOT_BUILT,
          "The class path of the server " + server + " is not at " + file + ".",
          "Run `./mvnw -DskipTests package` in " + root() + ".",
          e);
    }
  }
}
