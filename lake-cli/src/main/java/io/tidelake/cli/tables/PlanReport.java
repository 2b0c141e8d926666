/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.cli.tables;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.tidelake.config.LakeConfig;
import io.tidelake.streaming.pipeline.PipelineCheck;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.model.TableChange;
import io.tidelake.tables.model.TableChange.Kind;
import io.tidelake.tables.model.TableChange.Safety;
import io.tidelake.tables.model.TableDefinition;
import io.tidelake.tables.schema.TableFiles;
import io.tidelake.tables.schema.TablePlan;
import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;

/**
 * A plan as it is printed.
 *
 * @param plan the plan
 * @param equal how many tables are equal to their files
 */
record PlanReport(@JsonIgnore TablePlan plan, int equal) {

  /** A change for machines. */
  record Change(
      String table, Kind kind, Safety safety, String subject, String before, String after) {}

  static PlanReport of(LakeConfig config, LakeCatalog catalog) {
    List<TableDefinition> files = TableFiles.of(config).read();
    PipelineCheck.run(config);
    TablePlan plan = TablePlan.of(files, catalog);
    return new PlanReport(plan, files.size() - plan.changes().size());
  }

  /** How many tables are missing. */
  @JsonProperty
  long create() {
    return plan.allChanges().stream().filter(change -> change.kind() == Kind.CREATE_TABLE).count();
  }

  /** How many tables differ from their files. */
  @JsonProperty
  long change() {
    return plan.changes().size() - create();
  }

  @JsonProperty
  List<Change> changes() {
    return plan.allChanges().stream()
        .map(
            change ->
                new Change(
                    change.table(),
                    change.kind(),
                    change.kind().safety(),
                    change.subject(),
                    change.before(),
                    change.after()))
        .toList();
  }

  @JsonProperty
  List<String> unmanaged() {
    return plan.unmanaged();
  }

  void printPlan(PrintWriter out) {
    printChanges(out);
    if (!unmanaged().isEmpty()) {
      out.println("No file defines " + String.join(", ", unmanaged()) + "; left alone.");
    }
    out.printf("%s to create, %d to change, %d equal%n", tables(create()), change(), equal);
    printRefusal(out, Safety.DESTRUCTIVE, "done only by `lake tables apply --force`");
    printRefusal(out, Safety.IMPOSSIBLE, "`lake tables apply` will refuse the plan");
  }

  void printApplied(PrintWriter out) {
    printChanges(out);
    out.printf("%s created, %d changed, %d were equal%n", tables(create()), change(), equal);
  }

  private void printChanges(PrintWriter out) {
    plan.changes()
        .forEach(
            (table, changes) -> {
              out.println(table.name());
              changes.forEach(change -> out.println("  " + change.describe()));
            });
  }

  private void printRefusal(PrintWriter out, Safety safety, String consequence) {
    List<TableChange> changes = plan.changes(safety);
    if (!changes.isEmpty()) {
      out.println(
          safety.name().toLowerCase(Locale.ROOT) + ": " + changes.size() + ", " + consequence);
    }
  }

  private static String tables(long count) {
    return count == 1 ? "1 table" : count + " tables";
  }
}
