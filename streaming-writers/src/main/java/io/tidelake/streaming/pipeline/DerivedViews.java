/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.pipeline;

import io.tidelake.config.LakeConfig;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.Column;
import io.tidelake.tables.model.SqlName;
import io.tidelake.tables.model.TableDefinition;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.flink.table.api.TableEnvironment;

/** Views of a session that yield what pipelines make of their inputs. */
public final class DerivedViews {

  private DerivedViews() {}

  /** The view that yields the rows of a table. */
  public static String nameOf(String table) {
    return table + "_yielded";
  }

  /**
   * Makes the views of tables known to a session.
   *
   * @param chosen which derivations; those of one table go together
   * @return what makes each table, by its name; several inserts as one
   * @throws io.tidelake.error.LakeException when a pipeline is not valid, or a table does not exist
   */
  public static Map<String, Derivation> create(
      LakeConfig config,
      LakeCatalog catalog,
      TableEnvironment session,
      Predicate<Derivation> chosen) {
    Map<String, Derivation> made = new LinkedHashMap<>();
    for (Pipeline pipeline : Pipeline.readAll(config)) {
      if (config.repairs().contains(pipeline.name())) {
        // It changes what others made.
        continue;
      }
      List<Derivation> derivations = pipeline.derivations().stream().filter(chosen).toList();
      if (!derivations.isEmpty()) {
        pipeline.createViews(session);
      }
      derivations.forEach(
          derivation -> made.merge(derivation.target(), derivation, Derivation::unionAll));
    }
    made.forEach(
        (table, derivation) -> create(catalog.definition(table), derivation.query(), session));
    return made;
  }

  private static void create(TableDefinition table, String query, TableEnvironment session) {
    List<Column> columns = table.columns();
    // As an INSERT would do it: columns by position, values cast to their types.
    session.executeSql(
        "CREATE TEMPORARY VIEW %s AS SELECT %s FROM (%s) AS yielded (%s)"
            .formatted(
                SqlName.quoted(nameOf(table.name())),
                columns.stream()
                    .map(
                        column ->
                            "CAST(%1$s AS %2$s) AS %1$s"
                                .formatted(SqlName.quoted(column.name()), type(column)))
                    .collect(Collectors.joining(", ")),
                query,
                columns.stream()
                    .map(Column::name)
                    .map(SqlName::quoted)
                    .collect(Collectors.joining(", "))));
  }

  /** The type that a column has when it may be NULL. */
  public static String type(Column column) {
    return column.type().replaceFirst(" NOT NULL$", "");
  }
}
