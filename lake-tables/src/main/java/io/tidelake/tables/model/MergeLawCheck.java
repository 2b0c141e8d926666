/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.model;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.stream.Stream;

/**
 * Refuses tables whose content would depend on the order in which records arrive, on repeats, or on
 * when compaction runs.
 */
public final class MergeLawCheck {

  /** Aggregate functions whose result depends neither on order nor on repeats. */
  private static final List<String> LAWFUL_FUNCTIONS =
      List.of("max", "min", "bool_or", "bool_and", "cumulative");

  private static final String COUNTS_REPEATS = "it takes a repeated record twice";
  private static final String GOES_BY_ARRIVAL = "it goes by the order of arrival";

  /** Why some others are refused. */
  private static final Map<String, String> UNLAWFUL_FUNCTIONS =
      Map.of(
          "sum", COUNTS_REPEATS,
          "product", COUNTS_REPEATS,
          "count", COUNTS_REPEATS,
          "listagg", COUNTS_REPEATS,
          "first_value", GOES_BY_ARRIVAL,
          "first_non_null_value", GOES_BY_ARRIVAL,
          "last_value", GOES_BY_ARRIVAL,
          "last_non_null_value", GOES_BY_ARRIVAL);

  private static final String DEFAULT_FUNCTION = "fields.default-aggregate-function";

  private static final String FORGETS_VERSION =
      "a delete forgets its version, so an older record that comes later brings the row back";
  private static final String DELETE_BY_FLAG =
      "Leave it out, and let a column is_deleted say what is deleted";

  private final TableDefinition table;
  private final List<String> violations = new ArrayList<>();

  private MergeLawCheck(TableDefinition table) {
    this.table = table;
  }

  /**
   * Looks at all tables.
   *
   * @throws LakeException that lists every violation of every table
   */
  public static void refuseViolations(List<TableDefinition> tables) {
    List<String> lines = new ArrayList<>();
    for (TableDefinition table : tables) {
      List<String> violations = violations(table);
      if (!violations.isEmpty()) {
        lines.add(table.name() + ".sql");
        violations.forEach(violation -> lines.add("  - " + violation));
      }
    }
    if (!lines.isEmpty()) {
      throw new LakeException(
          ErrorCode.TABLE_BREAKS_MERGE_LAW,
          "The content of a table would depend on the order in which its records arrive:\n  "
              + String.join("\n  ", lines),
          "Do what each line says, then run `lake tables plan`.");
    }
  }

  /** What breaks the law, each with the reason and with what to write instead. */
  static List<String> violations(TableDefinition table) {
    MergeLawCheck check = new MergeLawCheck(table);
    check.checkBuckets();
    check.checkMergeEngine();
    return check.violations;
  }

  private void checkBuckets() {
    String buckets = table.options().getOrDefault("bucket", "missing");
    if (!buckets.matches("[1-9]\\d*")) {
      refuse(
          "bucket is " + buckets,
          "without fixed buckets only one job may write, and no backfill could run beside the stream",
          "Write 'bucket' = '1' or more");
    }
  }

  private void checkMergeEngine() {
    String engine = table.options().getOrDefault("merge-engine", "deduplicate");
    switch (engine) {
      case "partial-update" -> checkPartialUpdate();
      case "deduplicate" -> checkDeduplicate();
      case "aggregation" -> checkAggregation();
      default ->
          refuse(
              "merge-engine is " + engine,
              engine.equals("first-row")
                  ? "it keeps the record that arrives first"
                  : "it is not known to be independent of the order",
              "Write 'partial-update', 'deduplicate' or 'aggregation'");
    }
  }

  private void checkPartialUpdate() {
    SortedMap<String, List<String>> groups = table.columnGroups();
    groups.forEach(this::checkGroup);
    for (Column column : table.columns()) {
      checkMembership(column, groups);
    }
    table.options().keySet().stream()
        .filter(MergeLawCheck::isAggregateFunction)
        .sorted()
        .forEach(
            option ->
                refuse(
                    setting(option),
                    "the columns of a group would come from records of different versions",
                    "Leave it out, or use 'merge-engine' = 'aggregation' for the whole table"));
    refuseOption(
        "sequence.field",
        "a merged row has one sequence for all groups, so what wins depends on when it was merged",
        "Leave it out; 'fields.<group>_version.sequence-group' orders each group");
    refuseOption("partial-update.remove-record-on-delete", FORGETS_VERSION, DELETE_BY_FLAG);
    refuseOption("partial-update.remove-record-on-sequence-group", FORGETS_VERSION, DELETE_BY_FLAG);
    refuseOption("rowkind.field", FORGETS_VERSION, DELETE_BY_FLAG);
  }

  private void checkGroup(String version, List<String> members) {
    String option = groupOption(version);
    if (version.contains(",")) {
      refuse(
          option + " names several versions",
          "a record that lacks one of them would still be compared by the others",
          "Name one BIGINT column that holds the whole version");
    }
    Stream.concat(Stream.of(version.split(",")), members.stream())
        .filter(name -> table.column(name).isEmpty())
        .forEach(
            name ->
                refuse(
                    option + " names the column '" + name + "', which " + table.name() + " lacks",
                    "the group would have no version or not this column",
                    "Mend the name, or add the column; no blanks between the names"));
  }

  /** A version belongs to one group, a key column to none, and each other column to one. */
  private void checkMembership(Column column, SortedMap<String, List<String>> groups) {
    String name = column.name();
    List<String> ordered =
        groups.keySet().stream()
            .filter(version -> List.of(version.split(",")).contains(name))
            .map(MergeLawCheck::groupOption)
            .toList();
    List<String> all =
        Stream.concat(
                ordered.stream(),
                groups.keySet().stream()
                    .filter(version -> groups.get(version).contains(name))
                    .map(MergeLawCheck::groupOption))
            .toList();
    if (isKey(name)) {
      if (!all.isEmpty()) {
        refuse(
            "the key column " + name + " is in " + String.join(" and ", all),
            "all records of a row have the same key, it needs no version",
            "Take it out of the group");
      }
      return;
    }
    if (!ordered.isEmpty() && !column.type().equals("BIGINT")) {
      refuse(
          "the version " + name + " is " + column.type(),
          "a version is a BIGINT, NULL when the writer has nothing to say about the group",
          "Declare " + name + " BIGINT");
    }
    if (all.isEmpty()) {
      refuse(
          "the column " + name + " is in no group",
          "the record that arrives last wins",
          "Add " + name + " to a 'fields.<group>_version.sequence-group'");
    } else if (all.size() > 1) {
      refuse(
          "the column " + name + " is in " + String.join(" and ", all),
          ordered.isEmpty()
              ? "two versions would order one value"
              : "a version that another group shares or sets says nothing about its own group",
          ordered.isEmpty()
              ? "Leave it in one of them"
              : "Give each group a version column of its own, and list no version in a group");
    }
  }

  private void checkDeduplicate() {
    List<String> order = table.sequenceFields();
    table.columns().stream()
        .map(Column::name)
        .filter(name -> isVersionName(name) && !isKey(name) && !order.contains(name))
        .forEach(
            name ->
                refuse(
                    "the column " + name + " is not part of sequence.field",
                    "the version decides nothing, the record that arrives last wins",
                    "Write 'sequence.field' = '" + name + "', or give the column another name"));
    if (order.isEmpty()) {
      return;
    }
    String first = order.get(0);
    String type = table.column(first).map(Column::type).orElse("missing");
    if (!isVersionName(first) || !type.equals("BIGINT NOT NULL")) {
      refuse(
          setting("sequence.field") + " starts with " + first + ", which is " + type,
          "only versions order all records; two records without one would go by arrival",
          "Start with a column <group>_version of type BIGINT NOT NULL");
    }
    if ("descending".equals(table.options().get("sequence.field.sort-order"))) {
      refuseOption(
          "sequence.field.sort-order",
          "the smallest version would win, a snapshot over real time",
          "Leave it out");
    }
    refuseOption("rowkind.field", FORGETS_VERSION, DELETE_BY_FLAG);
  }

  private void checkAggregation() {
    for (Column column : table.columns()) {
      if (!isKey(column.name())) {
        checkFunction(column.name());
      }
    }
    refuseOption(
        "aggregation.remove-record-on-delete",
        "what remains depends on which records come after the delete",
        DELETE_BY_FLAG);
  }

  private void checkFunction(String column) {
    Map<String, String> options = table.options();
    String own = "fields." + column + ".aggregate-function";
    String function = options.getOrDefault(own, options.get(DEFAULT_FUNCTION));
    if (function == null) {
      refuse(
          "the column " + column + " has no aggregate function",
          "Paimon takes last_non_null_value, the record that arrives last wins",
          "Write '" + own + "' = one of " + String.join(", ", LAWFUL_FUNCTIONS));
    } else if (!LAWFUL_FUNCTIONS.contains(function)) {
      refuse(
          "the column " + column + " is aggregated by " + function,
          UNLAWFUL_FUNCTIONS.getOrDefault(
              function, "it is not known to be independent of order and repeats"),
          "Write '" + own + "' = one of " + String.join(", ", LAWFUL_FUNCTIONS));
    }
  }

  private void refuseOption(String option, String reason, String instead) {
    if (!table.options().getOrDefault(option, "false").equals("false")) {
      refuse(setting(option), reason, instead);
    }
  }

  private void refuse(String what, String reason, String instead) {
    violations.add(what + ": " + reason + ". " + instead + ".");
  }

  private boolean isKey(String column) {
    return table.primaryKey().contains(column) || table.partitionKeys().contains(column);
  }

  private String setting(String option) {
    return option + " = " + table.options().get(option);
  }

  private static boolean isVersionName(String column) {
    return column.endsWith("_version");
  }

  private static boolean isAggregateFunction(String option) {
    return option.equals(DEFAULT_FUNCTION)
        || option.startsWith("fields.") && option.endsWith(".aggregate-function");
  }

  private static String groupOption(String version) {
    return "fields." + version + ".sequence-group";
  }
}
