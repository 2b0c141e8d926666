/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.schema;

import io.tidelake.error.LakeException;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.catalog.PaimonSchemas;
import io.tidelake.tables.model.Column;
import io.tidelake.tables.model.TableChange;
import io.tidelake.tables.model.TableChange.Kind;
import io.tidelake.tables.model.TableDefinition;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.casting.CastExecutors;
import org.apache.paimon.schema.SchemaManager;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.types.DataType;
import org.apache.paimon.types.DataTypeCasts;

/** The difference between a table's file and the catalog. */
final class TableDiff {

  private final TableDefinition wanted;
  private final TableDefinition existing;
  private final List<TableChange> changes = new ArrayList<>();

  private TableDiff(TableDefinition wanted, TableDefinition existing) {
    this.wanted = wanted;
    this.existing = existing;
  }

  /**
   * The changes that would make a table what its file says, in the order in which they must be
   * done; empty when it is.
   *
   * @throws LakeException when the table is damaged
   */
  static List<TableChange> between(TableDefinition wanted, LakeCatalog catalog) {
    String name = wanted.name();
    Optional<FileStoreTable> registered = catalog.findTable(name);
    Optional<FileStoreTable> table = registered.or(() -> catalog.findInWarehouse(name));
    if (table.isEmpty()) {
      String content = wanted.columns().size() + " columns, key " + wanted.primaryKey();
      return List.of(new TableChange(name, Kind.CREATE_TABLE, "", "", content));
    }
    TableDiff diff = new TableDiff(wanted, PaimonSchemas.definition(table.get()));
    if (registered.isEmpty() || !catalog.hiveColumnsMatch(registered.get())) {
      diff.add(Kind.REGISTER_TABLE, "", "", table.get().location().toString());
    }
    diff.addStructureChanges();
    diff.addColumnChanges();
    diff.addOptionChanges(diff.optionsAfterRenames(table.get()));
    return diff.changes;
  }

  private void add(Kind kind, String subject, String before, String after) {
    changes.add(new TableChange(wanted.name(), kind, subject, before, after));
  }

  private void addIfDifferent(Kind kind, String subject, String before, String after) {
    if (!before.equals(after)) {
      add(kind, subject, before, after);
    }
  }

  private void addStructureChanges() {
    addIfDifferent(
        Kind.CHANGE_PRIMARY_KEY,
        "",
        existing.primaryKey().toString(),
        wanted.primaryKey().toString());
    addIfDifferent(
        Kind.CHANGE_PARTITIONS,
        "",
        existing.partitionKeys().toString(),
        wanted.partitionKeys().toString());
    addIfDifferent(Kind.CHANGE_TABLE_COMMENT, "", existing.comment(), wanted.comment());
  }

  private void addColumnChanges() {
    List<String> order = new ArrayList<>(existing.columns().stream().map(Column::name).toList());
    // Renames first: a new column may take the old name.
    Map<String, Column> kept = addRenames(order);
    for (Column column : wanted.columns()) {
      existing
          .column(column.name())
          .filter(old -> !kept.containsValue(old))
          .ifPresent(old -> kept.put(column.name(), old));
      Column old = kept.get(column.name());
      if (old == null) {
        int index = wanted.columns().indexOf(column);
        order.add(
            index == 0 ? 0 : order.indexOf(wanted.columns().get(index - 1).name()) + 1,
            column.name());
        add(additionOf(column), column.name(), "", column.type());
      } else {
        addChanges(old, column);
      }
    }
    for (Column old : existing.columns()) {
      if (!kept.containsValue(old)) {
        add(Kind.DROP_COLUMN, old.name(), old.type(), "");
        order.remove(old.name());
      }
    }
    addOrderChange(order);
  }

  /**
   * @param order the columns that exist; gets the new names
   * @return the columns that exist, by their new names
   */
  private Map<String, Column> addRenames(List<String> order) {
    Map<String, Column> kept = new HashMap<>();
    for (Column column : wanted.columns()) {
      Optional<Column> old = renamed(column);
      if (old.isPresent() && !kept.containsValue(old.get())) {
        String before = old.get().name();
        kept.put(column.name(), old.get());
        order.set(order.indexOf(before), column.name());
        add(Kind.RENAME_COLUMN, column.name(), before, column.name());
      }
    }
    return kept;
  }

  private Optional<Column> renamed(Column column) {
    return column.renamedFrom() == null || existing.column(column.name()).isPresent()
        ? Optional.empty()
        : existing.column(column.renamedFrom());
  }

  private static Kind additionOf(Column column) {
    return PaimonSchemas.type(column.type()).isNullable() ? Kind.ADD_COLUMN : Kind.REQUIRE_COLUMN;
  }

  private void addChanges(Column old, Column column) {
    if (!old.type().equals(column.type())) {
      Kind kind =
          existing.primaryKey().contains(old.name())
              ? Kind.CHANGE_PRIMARY_KEY
              : typeChange(old.type(), column.type());
      add(kind, column.name(), old.type(), column.type());
    }
    addIfDifferent(Kind.CHANGE_COLUMN_COMMENT, column.name(), old.comment(), column.comment());
  }

  private static Kind typeChange(String before, String after) {
    DataType from = PaimonSchemas.type(before);
    DataType to = PaimonSchemas.type(after);
    if (from.isNullable() && !to.isNullable()) {
      return Kind.REQUIRE_COLUMN;
    }
    if (!DataTypeCasts.supportsCast(from, to, true) || CastExecutors.resolve(from, to) == null) {
      return Kind.CHANGE_COLUMN_TYPE;
    }
    return TypeWidening.keepsEveryValue(from, to) ? Kind.WIDEN_COLUMN : Kind.NARROW_COLUMN;
  }

  /** An INSERT without a column list goes by the order of the columns. */
  private void addOrderChange(List<String> before) {
    List<String> after = wanted.columns().stream().map(Column::name).toList();
    int first = 0;
    int end = after.size();
    while (first < end && before.get(first).equals(after.get(first))) {
      first++;
    }
    while (end > first && before.get(end - 1).equals(after.get(end - 1))) {
      end--;
    }
    addIfDifferent(
        Kind.REORDER_COLUMNS,
        "",
        before.subList(first, end).toString(),
        after.subList(first, end).toString());
  }

  /** Paimon renames columns inside of options too, in sequence groups for example. */
  private Map<String, String> optionsAfterRenames(FileStoreTable table) {
    List<TableChange> renames =
        changes.stream().filter(change -> change.kind() == Kind.RENAME_COLUMN).toList();
    try {
      return PaimonSchemas.options(
          SchemaChanges.after(table, table.schema(), SchemaChanges.step(wanted, renames)));
    } catch (Exception e) {
      // A key column cannot be renamed; the plan refuses the changed key anyway.
      return PaimonSchemas.options(table.schema());
    }
  }

  /**
   * @param before the options of the table, once its columns are renamed
   */
  private void addOptionChanges(Map<String, String> before) {
    Set<String> names = new TreeSet<>(wanted.options().keySet());
    names.addAll(before.keySet());
    for (String name : names) {
      String old = before.getOrDefault(name, "");
      String value = wanted.options().getOrDefault(name, "");
      if (!old.equals(value)) {
        add(optionChange(before, name, old, value), name, old, value);
      }
    }
  }

  private static Kind optionChange(
      Map<String, String> options, String name, String before, String after) {
    if (name.equals(CoreOptions.BUCKET.key())) {
      return Kind.CHANGE_BUCKETS;
    }
    try {
      if (after.isEmpty()) {
        SchemaManager.checkResetTableOption(options, name);
        return Kind.REMOVE_OPTION;
      }
      SchemaManager.checkAlterTableOption(options, name, before.isEmpty() ? null : before, after);
      return Kind.SET_OPTION;
    } catch (UnsupportedOperationException e) {
      return Kind.CHANGE_FIXED_OPTION;
    }
  }
}
