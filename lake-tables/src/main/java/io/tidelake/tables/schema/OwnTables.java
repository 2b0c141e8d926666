/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.schema;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The tables in which Tidelake keeps its own records, in every project: the layer OPS. */
final class OwnTables {

  private static final List<SqlScript> SCRIPTS =
      Stream.of(
              "ops_backfill_receipt",
              "ops_backfill_reject",
              "ops_backfill_run",
              "ops_day_computation",
              "ops_dead_letter",
              "ops_lake_clock",
              "ops_schedule_run",
              "ops_settled_letter")
          .map(OwnTables::script)
          .toList();

  private OwnTables() {}

  /** Their definitions, by name. */
  static List<SqlScript> scripts() {
    return SCRIPTS;
  }

  private static SqlScript script(String table) {
    String file = table + ".sql";
    try (InputStream text = OwnTables.class.getResourceAsStream(file)) {
      return SqlScript.of(
          Path.of("ops", file), new String(text.readAllBytes(), StandardCharsets.UTF_8), Map.of());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
