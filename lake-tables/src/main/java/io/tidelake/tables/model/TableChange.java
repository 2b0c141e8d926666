/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.model;

/**
 * One difference between a table's file and the catalog.
 *
 * @param table the table
 * @param kind what would change
 * @param subject the column or option; empty when the change is about the table
 * @param before what the catalog has; empty when it has nothing
 * @param after what the file says; empty when it says nothing
 */
public record TableChange(String table, Kind kind, String subject, String before, String after) {

  /** What a change means for the data and for its readers. */
  public enum Safety {
    /** Keeps all data readable as before. */
    SAFE,
    /** Loses data or may fail on values: done only when forced. */
    DESTRUCTIVE,
    /** Cannot be done to an existing table. */
    IMPOSSIBLE
  }

  /** Kinds of changes. */
  public enum Kind {
    CREATE_TABLE("create table", Safety.SAFE, ""),
    /** Its folder is in the warehouse, but the metastore does not know it, or not as it is. */
    REGISTER_TABLE("register table", Safety.SAFE, ""),
    CHANGE_TABLE_COMMENT("change comment", Safety.SAFE, ""),
    ADD_COLUMN("add column", Safety.SAFE, ""),
    RENAME_COLUMN("rename column", Safety.SAFE, ""),
    WIDEN_COLUMN("widen column", Safety.SAFE, ""),
    CHANGE_COLUMN_COMMENT("change comment of column", Safety.SAFE, ""),
    REORDER_COLUMNS("reorder columns", Safety.SAFE, ""),
    SET_OPTION("set option", Safety.SAFE, ""),
    REMOVE_OPTION("remove option", Safety.SAFE, ""),
    DROP_COLUMN("drop column", Safety.DESTRUCTIVE, "its values would be lost"),
    NARROW_COLUMN(
        "narrow column", Safety.DESTRUCTIVE, "values that do not fit would be cut or become NULL"),
    CHANGE_PRIMARY_KEY(
        "change primary key",
        Safety.IMPOSSIBLE,
        "the files are sorted and merged by the key: create a new table and fill it from this one"),
    CHANGE_PARTITIONS(
        "change partition columns",
        Safety.IMPOSSIBLE,
        "the files lie in folders by partition: create a new table and fill it from this one"),
    CHANGE_BUCKETS(
        "change buckets",
        Safety.IMPOSSIBLE,
        "rows were assigned to files by bucket: stop its writers and rescale the table"),
    CHANGE_FIXED_OPTION(
        "change fixed option",
        Safety.IMPOSSIBLE,
        "Paimon fixes it when the table is created: create a new table and fill it from this one"),
    REQUIRE_COLUMN(
        "require column",
        Safety.IMPOSSIBLE,
        "rows that exist may have no value for it: leave out NOT NULL"),
    CHANGE_COLUMN_TYPE(
        "change type of column",
        Safety.IMPOSSIBLE,
        "no value of the old type can be read as the new one: add a column instead");

    private final String label;
    private final Safety safety;
    private final String reason;

    Kind(String label, Safety safety, String reason) {
      this.label = label;
      this.safety = safety;
      this.reason = reason;
    }

    /** What the change means for data and readers. */
    public Safety safety() {
      return safety;
    }

    /** Why the change is not safe; empty when it is. */
    public String reason() {
      return reason;
    }

    @Override
    public String toString() {
      return label;
    }
  }

  /** The change in one line. */
  public String describe() {
    String line = kind + (subject.isEmpty() ? "" : " " + subject);
    if (!before.isEmpty() && !after.isEmpty()) {
      line += ": " + before + " -> " + after;
    } else if (!after.isEmpty()) {
      line += ": " + after;
    } else if (!before.isEmpty()) {
      line += " (was " + before + ")";
    }
    return kind.safety() == Safety.SAFE ? line : line + "  [" + kind.reason() + "]";
  }
}
