/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.input;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.paimon.options.Options;
import org.apache.paimon.types.DataField;
import org.apache.paimon.types.RowType;

/** The columns, order and types of most files; a file with others does not fit. */
final class ColumnsOfMostFiles implements SnapshotColumns {

  @Override
  public RowType of(List<RowType> files) {
    return SnapshotColumns.mostOf(files).orElseThrow();
  }

  @Override
  public Optional<String> misfit(RowType columns, RowType file) {
    return file.equals(columns)
        ? Optional.empty()
        : Optional.of("has other columns than most files: " + difference(columns, file));
  }

  @Override
  public Options format() {
    return new Options();
  }

  private static String difference(RowType usual, RowType other) {
    Map<String, String> usuals = columns(usual);
    Map<String, String> others = columns(other);
    List<String> differences = new ArrayList<>();
    usuals.forEach(
        (name, sql) -> {
          if (!others.containsKey(name)) {
            differences.add(name + " is missing");
          } else if (!others.get(name).equals(sql)) {
            differences.add(name + " is " + others.get(name) + " instead of " + sql);
          }
        });
    others.keySet().stream()
        .filter(name -> !usuals.containsKey(name))
        .forEach(name -> differences.add(name + " is more"));
    return differences.isEmpty() ? "another order of columns" : String.join(", ", differences);
  }

  private static Map<String, String> columns(RowType type) {
    return type.getFields().stream()
        .collect(
            Collectors.toMap(
                DataField::name,
                field -> field.type().asSQLString(),
                (one, other) -> one,
                LinkedHashMap::new));
  }
}
