/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.schema;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.TableChange;
import io.tidelake.tables.model.TableChange.Safety;
import io.tidelake.tables.model.TableDefinition;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What would make a catalog equal to the table files.
 *
 * @param changes the changes of each table that differs
 * @param unmanaged tables of the catalog that no file defines; they are left alone
 */
public record TablePlan(Map<TableDefinition, List<TableChange>> changes, List<String> unmanaged) {

  /**
   * Compares the table files of a home with the catalog; changes nothing.
   *
   * @throws LakeException when a file cannot be read
   */
  public static TablePlan of(LakeConfig config, LakeCatalog catalog) {
    return of(TableFiles.of(config).read(), catalog);
  }

  /** Compares tables as files define them with the catalog; changes nothing. */
  public static TablePlan of(List<TableDefinition> files, LakeCatalog catalog) {
    Map<TableDefinition, List<TableChange>> changes = new LinkedHashMap<>();
    List<String> unmanaged = new ArrayList<>(catalog.tableNames());
    for (TableDefinition file : files) {
      unmanaged.remove(file.name());
      List<TableChange> differences = TableDiff.between(file, catalog);
      if (!differences.isEmpty()) {
        changes.put(file, differences);
      }
    }
    return new TablePlan(changes, List.copyOf(unmanaged));
  }

  /** All changes in the order in which they would be done. */
  public List<TableChange> allChanges() {
    return changes.values().stream().flatMap(List::stream).toList();
  }

  /**
   * Does the changes.
   *
   * @param catalog the catalog that was compared
   * @throws LakeException before anything was changed, when a change is impossible or destructive,
   *     or Paimon refuses it
   */
  public void apply(LakeCatalog catalog) {
    validatePossible();
    validateNone(
        Safety.DESTRUCTIVE,
        ErrorCode.TABLE_CHANGE_DESTRUCTIVE,
        "To do it nevertheless, add --force.");
    applyForced(catalog);
  }

  /**
   * Does the changes, destructive ones too.
   *
   * @throws LakeException before anything was changed, when a change is impossible or Paimon
   *     refuses it
   */
  public void applyForced(LakeCatalog catalog) {
    validatePossible();
    TableUpdate update = new TableUpdate(catalog);
    changes.forEach(update::validate);
    changes.forEach(update::apply);
  }

  /** The changes of one safety, in order. */
  public List<TableChange> changes(Safety safety) {
    return allChanges().stream().filter(change -> change.kind().safety() == safety).toList();
  }

  private void validatePossible() {
    validateNone(
        Safety.IMPOSSIBLE,
        ErrorCode.TABLE_CHANGE_IMPOSSIBLE,
        "Restore what the file said, or follow the remark in brackets.");
  }

  private void validateNone(Safety safety, ErrorCode code, String remedy) {
    List<String> refused =
        changes(safety).stream().map(change -> change.table() + ": " + change.describe()).toList();
    if (!refused.isEmpty()) {
      throw new LakeException(
          code, "Refused, and nothing was changed:\n  " + String.join("\n  ", refused), remedy);
    }
  }
}
