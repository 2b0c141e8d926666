/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.publish.view;

import io.tidelake.tables.model.TableDefinition;
import org.apache.iceberg.Schema;

/** Shows the clean view of each table that has one, where the catalog can hold views. */
public interface CleanViewPublisher {

  /** Makes the view of a table what it should be; takes it away when the table has none. */
  void show(TableDefinition table, Schema schema);

  /** Takes the view of a table away. */
  void hide(String table);
}
