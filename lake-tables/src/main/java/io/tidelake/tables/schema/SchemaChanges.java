/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.schema;

import io.tidelake.tables.catalog.PaimonSchemas;
import io.tidelake.tables.model.Column;
import io.tidelake.tables.model.TableChange;
import io.tidelake.tables.model.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.paimon.catalog.Catalog;
import org.apache.paimon.catalog.Identifier;
import org.apache.paimon.schema.SchemaChange;
import org.apache.paimon.schema.SchemaManager;
import org.apache.paimon.schema.TableSchema;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.types.DataType;
import org.apache.paimon.utils.LazyField;

/** The changes of a table in Paimon's words. */
final class SchemaChanges {

  private SchemaChanges() {}

  /**
   * What Paimon does at once. It renames columns inside of options last: an option that is set in
   * the same step and names a new column by the old name would be changed with them.
   *
   * @param changes changes of an existing table
   */
  static List<List<SchemaChange>> steps(TableDefinition wanted, List<TableChange> changes) {
    Map<Boolean, List<TableChange>> byRename =
        changes.stream()
            .collect(
                Collectors.partitioningBy(
                    change -> change.kind() == TableChange.Kind.RENAME_COLUMN));
    return Stream.of(byRename.get(true), byRename.get(false))
        .map(step -> step(wanted, step))
        .filter(step -> !step.isEmpty())
        .toList();
  }

  /** The changes as one step. */
  static List<SchemaChange> step(TableDefinition wanted, List<TableChange> changes) {
    return changes.stream().flatMap(change -> translate(wanted, change).stream()).toList();
  }

  /**
   * The schema that a table would have after a step; changes nothing.
   *
   * @param schema what the step would find
   */
  static TableSchema after(FileStoreTable table, TableSchema schema, List<SchemaChange> step)
      throws Catalog.ColumnAlreadyExistException, Catalog.ColumnNotExistException {
    return SchemaManager.generateTableSchema(
        schema,
        step,
        new LazyField<>(() -> table.latestSnapshot().isPresent()),
        new LazyField<>(() -> Identifier.fromString(table.fullName())));
  }

  private static List<SchemaChange> translate(TableDefinition wanted, TableChange change) {
    String subject = change.subject();
    return switch (change.kind()) {
      case REGISTER_TABLE -> List.of();
      case CHANGE_TABLE_COMMENT -> List.of(SchemaChange.updateComment(wanted.comment()));
      case ADD_COLUMN -> {
        Column column = wanted.column(subject).orElseThrow();
        yield List.of(
            SchemaChange.addColumn(
                subject,
                PaimonSchemas.type(column.type()),
                column.comment(),
                position(wanted, column)));
      }
      case RENAME_COLUMN -> List.of(SchemaChange.renameColumn(change.before(), subject));
      case WIDEN_COLUMN, NARROW_COLUMN -> {
        List<SchemaChange> steps = new ArrayList<>();
        DataType before = PaimonSchemas.type(change.before());
        DataType after = PaimonSchemas.type(change.after());
        if (before.isNullable() != after.isNullable()) {
          steps.add(SchemaChange.updateColumnNullability(subject, after.isNullable()));
        }
        if (!before.copy(true).equals(after.copy(true))) {
          steps.add(SchemaChange.updateColumnType(subject, after, true));
        }
        yield steps;
      }
      case CHANGE_COLUMN_COMMENT ->
          List.of(SchemaChange.updateColumnComment(subject, change.after()));
      // Each but the first goes behind the one before it: the first ends up first.
      case REORDER_COLUMNS ->
          wanted.columns().stream()
              .skip(1)
              .map(column -> SchemaChange.updateColumnPosition(position(wanted, column)))
              .toList();
      case DROP_COLUMN -> List.of(SchemaChange.dropColumn(subject));
      case SET_OPTION -> List.of(SchemaChange.setOption(subject, change.after()));
      case REMOVE_OPTION -> List.of(SchemaChange.removeOption(subject));
      default -> throw new IllegalArgumentException("Not a change of an existing table: " + change);
    };
  }

  private static SchemaChange.Move position(TableDefinition wanted, Column column) {
    int index = wanted.columns().indexOf(column);
    return index == 0
        ? SchemaChange.Move.first(column.name())
        : SchemaChange.Move.after(column.name(), wanted.columns().get(index - 1).name());
  }
}
