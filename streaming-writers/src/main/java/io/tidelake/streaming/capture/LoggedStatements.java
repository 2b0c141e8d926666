/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.capture;

import io.tidelake.process.GrowingLog;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Makes lost changes visible: a session with binlog_format=STATEMENT writes its statements into the
 * database's log instead of rows. Debezium leaves them out and only writes a warning to its own
 * log, which this follows.
 *
 * <p>Debezium does not warn of all: seen, it leaves out REPLACE, CREATE TABLE … AS SELECT, and a
 * statement that begins with a comment, without a word.
 */
public final class LoggedStatements {

  private static final Pattern WARNING =
      Pattern.compile(
          "Received DML '(?:(?i:SET STATEMENT) .*? (?i:FOR) )?(?<what>\\S+ +\\S+(?: +\\S+)?)");

  private final GrowingLog log;
  private final Consumer<String> progress;
  private final Set<String> said = new HashSet<>();

  /**
   * Follows a log from what it holds now.
   *
   * @param log the capture worker's log
   * @param progress is told of each kind of statement once, a line each
   */
  public LoggedStatements(Path log, Consumer<String> progress) throws IOException {
    this(GrowingLog.fromNow(log), progress);
  }

  private LoggedStatements(GrowingLog log, Consumer<String> progress) {
    this.log = log;
    this.progress = progress;
  }

  /**
   * What a log holds from its beginning on.
   *
   * @param log the capture worker's log; one that is not there holds nothing
   * @return each kind of statement once, a line each
   */
  public static List<String> in(Path log) throws IOException {
    List<String> lines = new ArrayList<>();
    new LoggedStatements(GrowingLog.whole(log), lines::add).check();
    return lines;
  }

  /** Reads what the log has got since the last look. */
  public void check() throws IOException {
    for (List<String> lines = log.next(); !lines.isEmpty(); lines = log.next()) {
      lines.forEach(this::look);
    }
  }

  private void look(String line) {
    Matcher warning = WARNING.matcher(line);
    // No more words of it: what follows may be somebody's data.
    if (warning.find() && said.add(warning.group("what"))) {
      progress.accept(
          "CHANGES ARE LOST: a session has written `%s …` into the database's log as a statement, not as rows (binlog_format), and change capture leaves it out. Read that table again; `lake sources check` names the users who can do so"
              .formatted(warning.group("what")));
    }
  }
}
