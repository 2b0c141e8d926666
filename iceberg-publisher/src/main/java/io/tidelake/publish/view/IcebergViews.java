/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.view;

import io.tidelake.publish.iceberg.IcebergLake;
import io.tidelake.tables.model.CleanView;
import io.tidelake.tables.model.TableDefinition;
import java.util.Optional;
import org.apache.iceberg.Schema;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.catalog.ViewCatalog;
import org.apache.iceberg.view.SQLViewRepresentation;
import org.apache.iceberg.view.View;

/** Clean views as Iceberg views, in Trino's dialect: for REST and JDBC catalogs. */
public final class IcebergViews implements CleanViewPublisher {

  private static final String DIALECT = "trino";

  private final IcebergLake lake;
  private final String trinoCatalog;

  public IcebergViews(IcebergLake lake, String trinoCatalog) {
    this.lake = lake;
    this.trinoCatalog = trinoCatalog;
  }

  private ViewCatalog catalog() {
    return (ViewCatalog) lake.catalog();
  }

  private TableIdentifier identifier(String table) {
    return lake.identifier(CleanView.nameFor(table));
  }

  @Override
  public void show(TableDefinition table, Schema schema) {
    Optional<CleanView> view = CleanView.of(table);
    if (view.isEmpty()) {
      hide(table.name());
      return;
    }
    String query = view.get().trinoQuery(trinoCatalog, lake.namespace().toString());
    TableIdentifier name = identifier(table.name());
    Schema columns = schema.select(view.get().columns());
    if (catalog().viewExists(name) && isSame(catalog().loadView(name), query, columns)) {
      return;
    }
    catalog()
        .buildView(name)
        .withLocation(lake.folder(name.name()))
        .withSchema(columns)
        .withQuery(DIALECT, query)
        .withDefaultCatalog(trinoCatalog)
        .withDefaultNamespace(lake.namespace())
        .withProperty("comment", table.comment())
        .createOrReplace();
  }

  private static boolean isSame(View view, String query, Schema columns) {
    SQLViewRepresentation shown = view.sqlFor(DIALECT);
    return shown != null && shown.sql().equals(query) && view.schema().sameSchema(columns);
  }

  @Override
  public void hide(String table) {
    catalog().dropView(identifier(table));
  }
}
