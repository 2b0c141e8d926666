/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.health;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.publish.PublishedTable;
import io.tidelake.publish.Publisher;
import io.tidelake.publish.PublisherStatus;
import io.tidelake.publish.iceberg.IcebergLake;
import io.tidelake.streaming.changelog.ChangeEventDecoder;
import io.tidelake.streaming.deadletter.DeadLetterFilter;
import io.tidelake.streaming.deadletter.DeadLetters;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.io.OpsTable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.paimon.Snapshot;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.source.DataSplit;

/** Looks how late the layers are, how the tables are, and what of them is published. */
final class TablesCheck {

  /** The table of the lake clock. */
  private static final String CLOCK = "ops_lake_clock";

  private static final Duration PUBLISHER_REPORTS_WITHIN = Duration.ofSeconds(30);
  private static final long MANY_WAITING_FILES = 200;

  private final LakeConfig config;
  private final Duration lateAfter;
  private final Findings findings;

  /**
   * @param lateAfter how old a layer may be before that is a problem
   */
  TablesCheck(LakeConfig config, Duration lateAfter, Findings findings) {
    this.config = config;
    this.lateAfter = lateAfter;
    this.findings = findings;
  }

  List<Health.Layer> layers(LakeCatalog catalog) {
    if (catalog.find(CLOCK).isEmpty()) {
      return List.of();
    }
    List<Health.Layer> layers =
        OpsTable.open(catalog, CLOCK).read(Map.of()).stream()
            .filter(row -> row.get("beat_at") != null)
            .map(
                row ->
                    new Health.Layer(
                        (String) row.get("layer"),
                        (Instant) row.get("lake_clock"),
                        Findings.age((Instant) row.get("beat_at")).toMillis() / 1000.0))
            .sorted(Comparator.comparingDouble(Health.Layer::ageSeconds))
            .toList();
    if (layers.isEmpty()) {
      findings.note(
          ErrorCode.AGES_UNKNOWN,
          "The source's lake clock has not arrived: how late the layers are is not known.",
          "`lake sources check` looks at the source; it writes its clock by itself with `lake up`.");
    }
    for (Health.Layer layer : layers) {
      if (layer.ageSeconds() * 1000 > lateAfter.toMillis()) {
        findings.problem(
            ErrorCode.LAYER_LATE,
            "The layer %s lacks what the source committed in the last %.0f s."
                .formatted(layer.name(), layer.ageSeconds()),
            "Look at the job that writes it, then at change capture.");
      }
    }
    return layers;
  }

  List<Health.Table> tables(LakeCatalog catalog) {
    List<String> names = catalog.tableNames();
    if (names.isEmpty()) {
      findings.problem(
          ErrorCode.TABLES_MISSING,
          "The lake %s has no tables.".formatted(config.catalog().get("warehouse")),
          "`lake tables apply` creates those of a new lake. If it had some, look whether this is its"
              + " place, and whether that can be reached.");
      return List.of();
    }
    List<DeadLetters.Group> groups =
        names.contains(DeadLetters.TABLE)
            ? new DeadLetters(catalog).groups(DeadLetterFilter.ALL)
            : List.of();
    Map<String, Long> letters =
        groups.stream()
            .collect(
                Collectors.groupingBy(
                    DeadLetters.Group::target, Collectors.summingLong(DeadLetters.Group::count)));
    groups.stream()
        .filter(group -> group.reason().startsWith(ChangeEventDecoder.EMPTIED))
        .forEach(
            group ->
                findings.problem(
                    ErrorCode.TABLE_WRONG,
                    "%s has rows of a table that the source emptied at %s."
                        .formatted(group.target(), group.last()),
                    "Read it again: `lake sources reread` with the name of the source table."));
    List<Health.Table> tables = new ArrayList<>();
    for (String name : names) {
      Health.Table table =
          findings.ask(
              ErrorCode.TABLE_UNREADABLE,
              null,
              () -> table(catalog.table(name), letters.getOrDefault(name, 0L)));
      if (table != null) {
        tables.add(table);
      }
    }
    long all = letters.values().stream().mapToLong(Long::longValue).sum();
    if (all > 0) {
      findings.note(
          ErrorCode.DEAD_LETTERS,
          "%,d records could not be used.".formatted(all),
          "`lake dead-letters list` says which and why.");
    }
    return tables;
  }

  private Health.Table table(FileStoreTable table, long deadLetters) {
    Optional<Snapshot> last = table.latestSnapshot();
    long waiting =
        last.isEmpty()
            ? 0
            : table
                .newSnapshotReader()
                .withLevelFilter(level -> level == 0)
                .read()
                .splits()
                .stream()
                .mapToLong(split -> ((DataSplit) split).dataFiles().size())
                .sum();
    if (waiting > MANY_WAITING_FILES) {
      findings.problem(
          ErrorCode.COMPACTION_BEHIND,
          "%,d files of %s wait for the compaction job.".formatted(waiting, table.name()),
          "Look at the job compaction; readers get slower until it has caught up.");
    }
    return new Health.Table(
        table.name(),
        last.map(Snapshot::id).orElse(0L),
        last.map(snapshot -> Instant.ofEpochMilli(snapshot.timeMillis())).orElse(null),
        waiting,
        deadLetters);
  }

  Health.Publishing publisher() throws IOException {
    Optional<String> catalog = IcebergLake.address(config);
    if (catalog.isEmpty()) {
      return null;
    }
    Reachable.require("The publisher's catalog", catalog.get());
    PublisherStatus status = Publisher.status(config);
    if (status.publisher() == null) {
      return null;
    }
    if (Findings.age(status.reportedAt()).compareTo(PUBLISHER_REPORTS_WITHIN) > 0) {
      findings.problem(
          ErrorCode.PUBLISHER_SILENT,
          "The publisher %s has not reported for %d s: Trino sees the tables as they were then."
              .formatted(status.publisher(), Findings.age(status.reportedAt()).toSeconds()),
          "Start it: lake publish");
    }
    for (PublishedTable table : status.tables()) {
      if (table.code() != null) {
        findings.problem(table.code(), table.table() + ": " + table.message(), table.remedy());
      }
    }
    return new Health.Publishing(
        status.publisher(),
        status.reportedAt(),
        status.tables().size(),
        (int) status.tables().stream().filter(table -> !table.isUpToDate()).count());
  }
}
