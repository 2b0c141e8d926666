/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query;

import io.tidelake.error.LakeException;
import io.tidelake.query.result.ResultWriter;
import java.util.List;
import java.util.function.Consumer;

/** Who answers questions, one statement at a time. Its text says who that is. */
public interface QuerySession extends AutoCloseable {

  /**
   * Asks whether questions are answered, for whoever would else type one in vain.
   *
   * @throws LakeException when they are not
   */
  void check();

  /**
   * Runs a statement and hands on its rows as they come.
   *
   * @param writer is not called for a statement without a result
   * @param progress is called now and then
   * @throws LakeException when it is refused or ended
   */
  QueryResult run(
      String sql, QueryLimits limits, ResultWriter writer, Consumer<QueryProgress> progress);

  /**
   * Ends what runs; whoever called {@link #run} gets an error as soon as it has ended. Can be
   * called from any thread.
   */
  void cancel();

  /**
   * Names of tables and columns for whoever types a statement. Can be called beside {@link #run}.
   *
   * @throws LakeException as {@link #run}
   */
  List<String> words();

  @Override
  void close();
}
