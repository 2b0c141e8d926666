/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.query.result;

import java.io.PrintWriter;

/** How a result is written. */
public enum ResultFormat {
  /** Aligned columns for people. */
  table {
    @Override
    public ResultWriter writer(PrintWriter out) {
      return new TableWriter(out);
    }
  },
  /** RFC 4180 with a heading; NULL is nothing, an empty text is {@code ""}. */
  csv {
    @Override
    public ResultWriter writer(PrintWriter out) {
      return new CsvWriter(out);
    }
  },
  /** One array, with an object a line for each row; times as ISO 8601 text. */
  json {
    @Override
    public ResultWriter writer(PrintWriter out) {
      return new JsonWriter(out);
    }
  },
  /** A table for documents. */
  markdown {
    @Override
    public ResultWriter writer(PrintWriter out) {
      return new MarkdownWriter(out);
    }
  };

  /** A writer for one result. */
  public abstract ResultWriter writer(PrintWriter out);
}
