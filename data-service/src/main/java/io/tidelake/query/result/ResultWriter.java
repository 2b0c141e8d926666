/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query.result;

import java.util.List;

/** Takes a result as it comes. */
public interface ResultWriter {

  /** Is called once, before all rows. */
  void begin(List<ResultColumn> columns);

  /**
   * The next row.
   *
   * @param values one for each column: NULL, Boolean, a Number, String, a time of java.time, or a
   *     List or Map of these
   */
  void row(List<Object> values);

  /** Is called once, after the last row; not when the query failed. */
  void end();
}
