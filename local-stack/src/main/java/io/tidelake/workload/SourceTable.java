/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.workload;

import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A table of the operational database, as the record that describes its rows says. Looked up once a
 * kind of row: done for every row, that was a third of what the demo's own process computed.
 */
public final class SourceTable {

  private static final ClassValue<SourceTable> TABLES =
      new ClassValue<>() {
        @Override
        protected SourceTable computeValue(Class<?> kind) {
          return new SourceTable(kind);
        }
      };

  private final String name;
  private final List<RecordComponent> components;
  private final List<String> columns;
  private final List<String> keyColumns;

  private SourceTable(Class<?> kind) {
    name = snakeCase(kind.getSimpleName());
    components = List.of(kind.getRecordComponents());
    columns = components.stream().map(component -> snakeCase(component.getName())).toList();
    keyColumns = columns.subList(0, columns.get(0).equals("order_date") ? 2 : 1);
  }

  /** The table of a kind of row. */
  public static SourceTable of(Class<? extends SourceRow> kind) {
    return TABLES.get(kind);
  }

  /** Its name in the database. */
  public String name() {
    return name;
  }

  /** Whether its rows are facts, which have a day; the others are dimensions. */
  public boolean isFact() {
    return keyColumns.size() == 2;
  }

  /** The table of the lake that mirrors it: ODS for facts, DIM for dimensions. */
  public String mirror() {
    return (isFact() ? "ods_" : "dim_") + name;
  }

  /** All columns, in order. */
  public List<String> columns() {
    return columns;
  }

  /** The order date, where there is one, and the id. */
  public List<String> keyColumns() {
    return keyColumns;
  }

  /** The columns that are not of the key, in order. */
  public List<String> otherColumns() {
    return columns.subList(keyColumns.size(), columns.size());
  }

  /** The values of a row by column, in order. */
  Map<String, Object> values(SourceRow row) {
    Map<String, Object> values = new LinkedHashMap<>();
    for (int i = 0; i < columns.size(); i++) {
      try {
        values.put(columns.get(i), components.get(i).getAccessor().invoke(row));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("Cannot read " + components.get(i), e);
      }
    }
    return values;
  }

  private static String snakeCase(String name) {
    return name.replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase(Locale.ROOT);
  }
}
