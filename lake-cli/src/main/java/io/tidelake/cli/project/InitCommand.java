/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.project;

import io.tidelake.cli.option.OutputOption;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.project.ProjectFile;
import io.tidelake.streaming.source.SourceSql;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lake init}. */
@Command(
    name = "init",
    description = {
      "Make a project: a folder with a lake.yaml and SQL files.",
      "Without --from it is a small warehouse that runs: lake demo."
    },
    mixinStandardHelpOptions = true,
    footer = {
      "",
      "Example: lake init hotels",
      "Example: lake init shop --from jdbc:mysql://db:3306/shop --user capture"
          + " --password '$${env:CAPTURE_PASSWORD}' --tables customer,invoice"
    })
public final class InitCommand implements Callable<Integer> {

  @Parameters(
      paramLabel = "DIR",
      description = "The folder; made when it is missing. It must not hold a project.")
  private Path folder;

  @Option(
      names = "--from",
      paramLabel = "URL",
      description = "JDBC address of a MySQL or MariaDB database, whose tables become its sources.")
  private String url;

  @Option(
      names = "--tables",
      paramLabel = "TABLE",
      split = ",",
      description = "Which tables of the database. Default: all that have a primary key.")
  private List<String> tables = List.of();

  @Option(names = "--user", description = "The user of change capture in the database.")
  private String user;

  @Option(
      names = "--password",
      paramLabel = "SECRET",
      description = "Its password, as $${env:NAME} or $${file:PATH}; lake.yaml says the same.")
  private String password;

  @Mixin private OutputOption output;
  @Spec private CommandSpec spec;

  /** What was made. */
  private record Made(String project, List<String> files) {}

  @Override
  public Integer call() throws IOException {
    if (url == null && (user != null || password != null || !tables.isEmpty())) {
      throw new ParameterException(
          spec.commandLine(), "--tables, --user and --password go with --from");
    }
    if (password != null && !password.startsWith("${")) {
      throw new ParameterException(
          spec.commandLine(),
          "--password tells a secret to everybody who lists processes; write '${env:NAME}', with"
              + " the secret in the environment variable NAME, or '${file:PATH}'");
    }
    Path root = folder.toAbsolutePath().normalize();
    Map<String, String> files = url == null ? NewProject.small() : ofDatabase(root);
    refuseExisting(root, files);
    for (Map.Entry<String, String> file : files.entrySet()) {
      Path target = root.resolve(file.getKey());
      Files.createDirectories(target.getParent());
      Files.writeString(target, file.getValue());
    }
    PrintWriter out = spec.commandLine().getOut();
    if (output.isJson()) {
      OutputOption.printJson(out, new Made(root.toString(), List.copyOf(files.keySet())));
      return 0;
    }
    out.println(folder + " is a project of " + files.size() + " files:");
    files.keySet().forEach(file -> out.println("  " + file));
    out.println(
        url == null
            ? "Next     cd " + folder + "; lake demo"
            : "Next     cd "
                + folder
                + "; lake sources check; lake tables apply; lake stream start");
    return 0;
  }

  private Map<String, String> ofDatabase(Path root) throws IOException {
    Map<String, String> files = new LinkedHashMap<>();
    String yaml = NewProject.ofDatabase(url, user, password);
    files.put(ProjectFile.NAME, yaml);
    // It is read as it will be: the values of secrets lie beside it.
    Files.createDirectories(root);
    Path file = Files.createTempFile(root, "lake-", ".yaml");
    try {
      Files.writeString(file, yaml);
      SourceSql sources = SourceSql.of(LakeConfig.load(file, Map.of()), tables);
      files.putAll(sources.files());
    } finally {
      Files.delete(file);
      try (Stream<Path> left = Files.list(root)) {
        if (left.findAny().isEmpty()) {
          Files.delete(root);
        }
      }
    }
    return files;
  }

  private void refuseExisting(Path root, Map<String, String> files) {
    for (String file : files.keySet()) {
      if (Files.exists(root.resolve(file))) {
        throw new LakeException(
            ErrorCode.PROJECT_EXISTS,
            "%s holds %s already.".formatted(folder, file),
            "Name another folder; `lake init` writes over nothing.");
      }
    }
  }
}
