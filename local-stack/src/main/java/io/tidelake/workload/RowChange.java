/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.workload;

/**
 * One change of one row.
 *
 * @param operation what happens to the row
 * @param row the row after the change; before it for a delete
 */
public record RowChange(Operation operation, SourceRow row) {

  /** What happens to a row. */
  public enum Operation {
    INSERT,
    UPDATE,
    DELETE
  }

  static RowChange insert(SourceRow row) {
    return new RowChange(Operation.INSERT, row);
  }

  static RowChange update(SourceRow row) {
    return new RowChange(Operation.UPDATE, row);
  }

  static RowChange delete(SourceRow row) {
    return new RowChange(Operation.DELETE, row);
  }
}
