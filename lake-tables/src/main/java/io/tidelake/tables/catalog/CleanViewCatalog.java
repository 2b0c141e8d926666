/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.catalog;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.model.CleanView;
import io.tidelake.tables.model.TableDefinition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.paimon.catalog.Catalog;
import org.apache.paimon.catalog.CatalogLoader;
import org.apache.paimon.catalog.DelegateCatalog;
import org.apache.paimon.catalog.Identifier;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.view.View;
import org.apache.paimon.view.ViewImpl;

/**
 * Adds to a catalog the {@link CleanView} of each table that has one. Each is made when it is asked
 * for: Paimon's file system catalog stores no views, and a session opens as fast as without them.
 */
public final class CleanViewCatalog extends DelegateCatalog {

  private final RuntimeExecutionMode mode;

  /**
   * @param mode how the views are read
   */
  public CleanViewCatalog(Catalog tables, RuntimeExecutionMode mode) {
    super(tables);
    this.mode = mode;
  }

  @Override
  public View getView(Identifier identifier) throws ViewNotExistException {
    try {
      return wrapped.getView(identifier);
    } catch (ViewNotExistException e) {
      return cleanView(identifier).orElseThrow(() -> e);
    }
  }

  private Optional<View> cleanView(Identifier identifier) {
    return CleanView.tableOf(identifier.getObjectName())
        .flatMap(name -> find(Identifier.create(identifier.getDatabaseName(), name)))
        .flatMap(table -> cleanView(identifier, table));
  }

  private Optional<View> cleanView(Identifier identifier, FileStoreTable table) {
    TableDefinition definition = PaimonSchemas.definition(table);
    Optional<CleanView> view = CleanView.of(definition);
    if (view.isPresent() && mode == RuntimeExecutionMode.STREAMING && !definition.hasChangelog()) {
      throw new LakeException(
          ErrorCode.VIEW_NOT_STREAMABLE,
          "A stream cannot read "
              + view.get().name()
              + ": without a changelog nothing tells the reader that a row was deleted, or that a"
              + " record is older than another.",
          "Read " + table.name() + " with its versions and is_deleted, or the view in batch.");
    }
    return view.map(
        clean ->
            new ViewImpl(
                identifier,
                table.rowType().project(clean.columns()).getFields(),
                clean.flinkQuery(),
                Map.of(),
                definition.comment(),
                Map.of()));
  }

  private Optional<FileStoreTable> find(Identifier identifier) {
    try {
      return wrapped.getTable(identifier) instanceof FileStoreTable table
          ? Optional.of(table)
          : Optional.empty();
    } catch (TableNotExistException e) {
      return Optional.empty();
    }
  }

  @Override
  public List<String> listViews(String database) throws DatabaseNotExistException {
    List<String> views = new ArrayList<>(wrapped.listViews(database));
    for (String table : wrapped.listTables(database)) {
      String view = CleanView.nameFor(table);
      if (isReadable(Identifier.create(database, view))) {
        views.add(view);
      }
    }
    return views;
  }

  private boolean isReadable(Identifier view) {
    try {
      return cleanView(view).isPresent();
    } catch (RuntimeException e) {
      // Whoever reads it is told why; the list is for the others.
      return false;
    }
  }

  /** Jobs load tables, never views. */
  @Override
  public CatalogLoader catalogLoader() {
    return wrapped.catalogLoader();
  }
}
