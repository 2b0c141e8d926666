/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.schema;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.catalog.PaimonSchemas;
import io.tidelake.tables.model.TableChange;
import io.tidelake.tables.model.TableDefinition;
import java.util.List;
import org.apache.paimon.schema.SchemaChange;
import org.apache.paimon.schema.SchemaValidation;
import org.apache.paimon.schema.TableSchema;
import org.apache.paimon.table.FileStoreTable;

/** Makes tables of a catalog what their files say. */
final class TableUpdate {

  private final LakeCatalog catalog;

  TableUpdate(LakeCatalog catalog) {
    this.catalog = catalog;
  }

  /**
   * Tries the changes of a table without doing them.
   *
   * @param changes what {@link TableDiff} found
   * @throws LakeException when Paimon refuses them
   */
  void validate(TableDefinition wanted, List<TableChange> changes) {
    try {
      if (includes(changes, TableChange.Kind.CREATE_TABLE)) {
        SchemaValidation.validateTableSchema(TableSchema.create(0, PaimonSchemas.schema(wanted)));
        return;
      }
      String name = wanted.name();
      FileStoreTable table =
          catalog
              .findTable(name)
              .or(() -> catalog.findInWarehouse(name))
              // Which says that there is none.
              .orElseGet(() -> catalog.table(name));
      TableSchema schema = table.schema();
      for (List<SchemaChange> step : SchemaChanges.steps(wanted, changes)) {
        schema = SchemaChanges.after(table, schema, step);
      }
      SchemaValidation.validateTableSchema(schema);
    } catch (LakeException e) {
      throw e;
    } catch (Exception e) {
      throw refused(wanted, e);
    }
  }

  /**
   * Does the changes of a table. Data is kept.
   *
   * @param changes what {@link TableDiff} found and the caller has accepted
   * @throws LakeException when Paimon refuses them
   */
  void apply(TableDefinition wanted, List<TableChange> changes) {
    try {
      if (includes(changes, TableChange.Kind.CREATE_TABLE)) {
        catalog.create(wanted);
        return;
      }
      if (includes(changes, TableChange.Kind.REGISTER_TABLE)) {
        catalog.register(wanted.name());
      }
      for (List<SchemaChange> step : SchemaChanges.steps(wanted, changes)) {
        catalog.alter(wanted.name(), step);
      }
    } catch (Exception e) {
      throw refused(wanted, e);
    }
  }

  private static boolean includes(List<TableChange> changes, TableChange.Kind kind) {
    return changes.stream().anyMatch(change -> change.kind() == kind);
  }

  private static LakeException refused(TableDefinition wanted, Exception cause) {
    return new LakeException(
        ErrorCode.TABLE_CHANGE_FAILED,
        "Paimon refused to change " + wanted.name() + ": " + LakeException.rootMessage(cause),
        "Mend " + wanted.name() + ".sql, then run `lake tables plan`.",
        cause);
  }
}
