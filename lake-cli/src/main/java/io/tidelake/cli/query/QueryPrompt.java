/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.query;

import io.tidelake.config.Folders;
import io.tidelake.error.LakeException;
import io.tidelake.query.QueryExample;
import io.tidelake.query.QueryLimits;
import io.tidelake.query.QuerySession;
import io.tidelake.query.result.ResultFormat;
import io.tidelake.tables.schema.SqlScript;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jline.reader.Candidate;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.UserInterruptException;
import org.jline.reader.impl.DefaultParser;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** The prompt of {@code lake query}: statements end with a semicolon and may take many lines. */
final class QueryPrompt {

  private static final List<String> COMMANDS = List.of("help", "examples", "output", "exit");
  private static final List<String> KEYWORDS =
      List.of(
          "SELECT",
          "FROM",
          "WHERE",
          "GROUP BY",
          "ORDER BY",
          "HAVING",
          "LIMIT",
          "JOIN",
          "LEFT JOIN",
          "UNION ALL",
          "WITH",
          "FOR VERSION AS OF",
          "SHOW TABLES",
          "DESCRIBE",
          "EXPLAIN");

  private final Folders folders;
  private final QuerySession session;
  private final QueryLimits limits;
  private ResultFormat format;
  private volatile List<String> names = List.of();

  QueryPrompt(Folders folders, QuerySession session, QueryLimits limits, ResultFormat format) {
    this.folders = folders;
    this.session = session;
    this.limits = limits;
    this.format = format;
  }

  /** Reads and runs statements until the user leaves. */
  void run() throws IOException {
    // Whoever cannot ask anything need not type it first.
    session.check();
    try (Terminal terminal = TerminalBuilder.builder().system(true).build()) {
      run(terminal);
    }
  }

  /** The same on a terminal of the caller's. */
  void run(Terminal terminal) {
    startToLearnNames();
    LineReader reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("lake")
            .parser(new StatementParser())
            .completer((line, parsed, candidates) -> complete(parsed, candidates))
            .variable(LineReader.HISTORY_FILE, folders.work().resolve("query-history"))
            .variable(LineReader.SECONDARY_PROMPT_PATTERN, "    > ")
            .option(LineReader.Option.CASE_INSENSITIVE, true)
            // An exclamation mark in a text is no command.
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
    PrintWriter out = terminal.writer();
    out.println(session + ". End statements with ;  help for more, exit to leave.");
    Terminal.SignalHandler previous =
        terminal.handle(Terminal.Signal.INT, signal -> session.cancel());
    try {
      while (true) {
        String line;
        try {
          line = reader.readLine("lake> ").strip();
        } catch (UserInterruptException e) {
          continue;
        } catch (EndOfFileException e) {
          return;
        }
        if (line.equals("exit") || line.equals("quit")) {
          return;
        }
        execute(line, out);
        out.flush();
      }
    } finally {
      terminal.handle(Terminal.Signal.INT, previous);
    }
  }

  private void execute(String line, PrintWriter out) {
    String[] words = line.split("\\s+");
    switch (words[0]) {
      case "" -> {}
      case "help" ->
          out.println(
              """
              SELECT …;         runs a statement; it may take many lines
              examples [NAME]   lists the examples, or shows the SQL of one
              output FORMAT     %s
              exit              or Ctrl-D
              Tab completes names, the arrow keys go through the history, Ctrl-C cancels."""
                  .formatted(formats()));
      case "examples" -> showExamples(words.length > 1 ? words[1] : "", out);
      case "output" -> chooseFormat(words.length > 1 ? words[1] : "", out);
      default -> runStatements(line, out);
    }
  }

  private void runStatements(String text, PrintWriter out) {
    QueryScreen screen = new QueryScreen(out, true);
    try {
      for (String statement : SqlScript.of(Path.of("the statement"), text, Map.of()).statements()) {
        screen.ended(session.run(statement, limits, screen.before(format.writer(out)), screen));
      }
    } catch (LakeException e) {
      screen.clear();
      out.println("error " + e.code() + ": " + e.getMessage());
      out.println("  " + e.remedy());
    }
  }

  private void showExamples(String name, PrintWriter out) {
    for (QueryExample example : QueryExample.all(folders)) {
      if (name.isEmpty()) {
        out.println(example.name() + "  " + example.question());
      } else if (example.name().equals(name)) {
        out.println(SqlScript.read(example.file(), example.values(Map.of())).text().strip());
      }
    }
  }

  private void chooseFormat(String name, PrintWriter out) {
    Arrays.stream(ResultFormat.values())
        .filter(candidate -> candidate.name().equals(name))
        .findFirst()
        .ifPresentOrElse(
            chosen -> format = chosen, () -> out.println("output takes one of " + formats()));
  }

  private static String formats() {
    return Arrays.stream(ResultFormat.values())
        .map(ResultFormat::name)
        .collect(Collectors.joining(", "));
  }

  private void complete(ParsedLine parsed, List<Candidate> candidates) {
    Stream<String> commands =
        parsed.wordIndex() == 0 && parsed.line().indexOf('\n') < 0
            ? COMMANDS.stream()
            : Stream.empty();
    Stream.of(commands, names.stream(), KEYWORDS.stream())
        .flatMap(words -> words)
        .map(Candidate::new)
        .forEach(candidates::add);
  }

  /** Tables and columns; the user need not wait for them. */
  private void startToLearnNames() {
    Thread learner =
        new Thread(
            () -> {
              try {
                names = session.words();
              } catch (LakeException e) {
                // Completion knows the keywords then; the user's own queries say what is wrong.
              }
            },
            "query-names");
    learner.setDaemon(true);
    learner.start();
  }

  /** A statement goes on until its semicolon. */
  private static final class StatementParser extends DefaultParser {

    @Override
    public ParsedLine parse(String line, int cursor, ParseContext context) {
      String text = line.strip();
      String first = text.split("\\s+", 2)[0].toLowerCase(Locale.ROOT);
      if (context == ParseContext.ACCEPT_LINE
          && !text.isEmpty()
          && !text.endsWith(";")
          && !COMMANDS.contains(first)
          && !first.equals("quit")) {
        throw new EOFError(-1, -1, "no semicolon yet");
      }
      // Quotes and backslashes are SQL's: they need no partner at the end of a line.
      return super.parse(line, cursor, ParseContext.COMPLETE);
    }
  }
}
