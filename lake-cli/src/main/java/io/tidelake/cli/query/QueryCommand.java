/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.query;

import io.tidelake.cli.option.LakeOptions;
import io.tidelake.cli.option.OutputOption;
import io.tidelake.cli.screen.TextTable;
import io.tidelake.config.LakeConfig;
import io.tidelake.config.TrinoConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.health.Reachable;
import io.tidelake.query.QueryExample;
import io.tidelake.query.QueryLimits;
import io.tidelake.query.QuerySession;
import io.tidelake.query.flink.FlinkQuerySession;
import io.tidelake.query.result.ResultFormat;
import io.tidelake.query.trino.TrinoAddress;
import io.tidelake.query.trino.TrinoSession;
import io.tidelake.tables.schema.SqlScript;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code lake query}. */
@Command(
    name = "query",
    description = {
      "Ask the lake in SQL, through Trino, or through Flink in batch where there is none.",
      "Without an argument, on a terminal: a prompt. Ctrl-C cancels the query, in Trino too."
    },
    mixinStandardHelpOptions = true,
    sortOptions = false,
    footer = {
      "",
      "Example: lake query daily_volume --param first_day=2026-06-17",
      "         lake query \"SELECT count(*) FROM dwd_fulfillment_wide\" -o json"
    })
public final class QueryCommand implements Callable<Integer> {

  private static final String PASSWORD = "LAKE_TRINO_PASSWORD";

  @Parameters(
      arity = "0..1",
      paramLabel = "SQL|FILE|EXAMPLE",
      description = "A statement, a SQL file, or the name of an example (--examples lists them).")
  private String question;

  @Option(
      names = "--param",
      paramLabel = "NAME=VALUE",
      description = "A value for $${NAME} in the SQL; can be repeated.")
  private Map<String, String> parameters = new LinkedHashMap<>();

  @Option(
      names = {"-o", "--output"},
      defaultValue = "table",
      description = "${COMPLETION-CANDIDATES} (${DEFAULT-VALUE}).")
  private ResultFormat format;

  @Option(
      names = "--limit",
      paramLabel = "ROWS",
      defaultValue = "1000",
      description = "Show at most so many rows of a result; 0 for all (${DEFAULT-VALUE}).")
  private long limit;

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "0",
      description =
          "Give up after that time, the queue included; 0 for as long as Trino allows (${DEFAULT-VALUE}).")
  private int timeout;

  @Option(
      names = "--server",
      paramLabel = "ADDRESS",
      description =
          "host:port of a Trino, or https://host:port. Default: that of the local stack when it runs, else"
              + " trino/server of the configuration.")
  private String server;

  @Option(
      names = "--user",
      description = {
        "Who asks (default: who is logged in here). Its password, if the server wants one, is read from",
        "the environment variable " + PASSWORD + "."
      })
  private String user = System.getProperty("user.name");

  @Option(names = "--examples", description = "List the examples and the questions they answer.")
  private boolean examples;

  /** Nobody named a Trino, and none is there. */
  private boolean isWithoutTrino;

  @Mixin private LakeOptions lake;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() throws Exception {
    if (limit < 0 || timeout < 0) {
      throw new ParameterException(spec.commandLine(), "--limit and --timeout must be 0 or more");
    }
    if (examples) {
      list(QueryExample.all(lake.config().folders()));
      return 0;
    }
    if (question == null ? System.console() == null : question.isBlank()) {
      throw new ParameterException(
          spec.commandLine(),
          "Name a statement, a file or an example; the prompt needs a terminal");
    }
    isWithoutTrino = server == null && isAbsent(lake.config().trino());
    if (isWithoutTrino) {
      PrintWriter err = spec.commandLine().getErr();
      err.println(
          "No Trino at "
              + lake.config().trino().server()
              + ": Flink answers, in batch, in this process; slower, and in its own SQL. `lake up` starts a"
              + " Trino where there is a JDK 25; --server names another.");
      err.flush();
    }
    // What cannot be understood is said before anybody is asked.
    Optional<SqlScript> script = question == null ? Optional.empty() : Optional.of(script());
    QueryLimits limits = new QueryLimits(limit, Duration.ofSeconds(timeout));
    try (QuerySession session = session()) {
      if (script.isEmpty()) {
        new QueryPrompt(lake.config().folders(), session, limits, format).run();
        return 0;
      }
      run(script.get(), session, limits);
      return 0;
    }
  }

  /**
   * A Trino that was configured and is away is an error: Flink knows nothing of its access rules.
   */
  private static boolean isAbsent(TrinoConfig trino) {
    if (trino.isConfigured()) {
      return false;
    }
    try {
      Reachable.require("Trino", trino.server());
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private QuerySession session() {
    return isWithoutTrino ? FlinkQuerySession.open(lake.config()) : TrinoSession.open(address());
  }

  private void run(SqlScript script, QuerySession session, QueryLimits limits) {
    PrintWriter out = spec.commandLine().getOut();
    QueryScreen screen = new QueryScreen(spec.commandLine().getErr(), System.console() != null);
    Thread interrupted = new Thread(session::cancel, "query-cancel");
    Runtime.getRuntime().addShutdownHook(interrupted);
    try {
      for (String statement : script.statements()) {
        screen.ended(session.run(statement, limits, screen.before(format.writer(out)), screen));
      }
    } finally {
      screen.clear();
      forget(interrupted);
    }
  }

  private static void forget(Thread hook) {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // It is being run: that is why the query ended.
    }
  }

  private TrinoAddress address() {
    LakeConfig config = lake.config();
    return new TrinoAddress(
        server == null ? config.trino().server() : server,
        user,
        Optional.ofNullable(System.getenv(PASSWORD)).filter(secret -> !secret.isEmpty()),
        config.publisher().trinoCatalog(),
        config.publishedNamespace(),
        config.timeZone(),
        config.trino().jdbc());
  }

  private SqlScript script() {
    Optional<Path> file = file();
    if (file.isPresent()) {
      QueryExample example = QueryExample.read(file.get());
      return SqlScript.read(
          isWithoutTrino ? example.flinkFile() : example.file(), example.values(parameters));
    }
    if (!question.strip().contains(" ") && !question.strip().contains("\n")) {
      throw new LakeException(
          ErrorCode.QUERY_UNKNOWN,
          "'" + question + "' is no file, no example and no statement.",
          "The examples: "
              + QueryExample.all(lake.config().folders()).stream()
                  .map(QueryExample::name)
                  .collect(Collectors.joining(", "))
              + ". A statement goes in quotes: lake query \"SELECT 1\"");
    }
    return SqlScript.of(Path.of("the statement"), question, parameters);
  }

  /** The file or the example that the argument names. */
  private Optional<Path> file() {
    try {
      Path file = Path.of(question);
      if (Files.isRegularFile(file)) {
        return Optional.of(file);
      }
      if (question.endsWith(".sql")) {
        // Says which files are there.
        return Optional.of(file);
      }
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
    return Optional.of(lake.config().folders().queries().resolve(question + ".sql"))
        .filter(Files::isRegularFile);
  }

  private void list(List<QueryExample> all) throws IOException {
    PrintWriter out = spec.commandLine().getOut();
    if (format == ResultFormat.json) {
      OutputOption.printJson(
          out,
          all.stream().map(example -> new Listed(example.name(), example.question())).toList());
      return;
    }
    List<List<String>> lines = new ArrayList<>();
    lines.add(List.of("example", "parameters", "question"));
    for (QueryExample example : all) {
      lines.add(
          List.of(
              example.name(),
              String.join(", ", example.parameters().keySet()),
              example.question()));
    }
    TextTable.print(lines, out);
  }

  /** An example for machines. */
  private record Listed(String example, String question) {}
}
