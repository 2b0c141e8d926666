/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.workload;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.model.TableDefinition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The order system's own export at the end of a workload, as an offline warehouse would have it:
 * Parquet, a folder per table. It comes from the workload's options alone, not from the database or
 * from the lake, so it knows what change capture lost.
 *
 * <p>Two shapes: the source tables, with the columns of their ODS and DIM tables, and two tables as
 * an offline warehouse would have prepared them, {@code fulfillment_wide} and {@code
 * logistics_event_clean}, with those of the DWD. What only orders records in the lake is left out.
 * Rows that the source deleted are there with their last values and {@code is_deleted}. Tables with
 * days lie in Hive's partitions, {@code <table>/dt=<day>/part-0.parquet}, the others in {@code
 * <table>/part-0.parquet}.
 */
public final class WorkloadExport {

  private final Map<String, TableDefinition> definitions;

  /**
   * What was exported.
   *
   * @param rows how many rows each exported table has
   * @param asOf the instant that the export describes: a whole second after the last change
   */
  public record Summary(SortedMap<String, Long> rows, Instant asOf) {

    public Summary {
      rows = Collections.unmodifiableSortedMap(new TreeMap<>(rows));
    }
  }

  /**
   * @param definitions the tables of the lake; they say which columns an export has
   */
  public WorkloadExport(List<TableDefinition> definitions) {
    this.definitions =
        definitions.stream().collect(Collectors.toMap(TableDefinition::name, table -> table));
  }

  /**
   * Writes the export of a workload.
   *
   * @param folder created when missing
   * @throws LakeException when the folder holds something already, or cannot be written
   */
  public Summary write(WorkloadOptions options, Path folder) {
    Path target = folder.toAbsolutePath().normalize();
    try {
      refuseContent(target);
      Workload workload = new Workload(options);
      Truth truth = new Truth();
      workload.forEachRemaining(truth::apply);
      SortedMap<String, Long> rows = new TreeMap<>();
      for (Class<? extends SourceRow> kind : SourceRow.TABLES) {
        SourceTable table = SourceTable.of(kind);
        write(table.name(), table.mirror(), truth.mirrored(kind), target, rows);
      }
      write(
          "fulfillment_wide", "dwd_fulfillment_wide", truth.fulfillments().values(), target, rows);
      write("logistics_event_clean", "dwd_logistics_event", truth.scans().values(), target, rows);
      return new Summary(rows, workload.now().truncatedTo(ChronoUnit.SECONDS).plusSeconds(1));
    } catch (IOException e) {
      throw new LakeException(
          ErrorCode.EXPORT_FAILED,
          "The export to " + target + " cannot be written: " + LakeException.rootMessage(e),
          "Remove what it left there, or name another folder.",
          e);
    }
  }

  private static void refuseContent(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    try (Stream<Path> content = Files.list(folder)) {
      if (content.findAny().isPresent()) {
        throw new LakeException(
            ErrorCode.EXPORT_EXISTS,
            "The folder " + folder + " is not empty; an export has a folder of its own.",
            "Name another folder, or remove this one.");
      }
    }
  }

  /** Writes one table, and adds how many rows it has. */
  private void write(
      String name,
      String definedBy,
      Collection<Map<String, Object>> rows,
      Path folder,
      SortedMap<String, Long> counts)
      throws IOException {
    TableDefinition definition = definitions.get(definedBy);
    Path table = folder.resolve(name);
    Files.createDirectories(table);
    for (Map.Entry<String, List<Map<String, Object>>> partition :
        byPartition(definition.partitionKeys(), rows).entrySet()) {
      try (ExportFile file =
          ExportFile.create(
              definition, table.resolve(partition.getKey()).resolve("part-0.parquet"))) {
        for (Map<String, Object> row : partition.getValue()) {
          file.write(row);
        }
      }
    }
    counts.put(name, (long) rows.size());
  }

  /** Rows by the path of their partition; the path is empty without partitions. */
  private static SortedMap<String, List<Map<String, Object>>> byPartition(
      List<String> keys, Collection<Map<String, Object>> rows) {
    return rows.stream()
        .collect(
            Collectors.groupingBy(
                row ->
                    keys.stream()
                        .map(key -> key + "=" + row.get(key))
                        .collect(Collectors.joining("/")),
                TreeMap::new,
                Collectors.toList()));
  }
}
