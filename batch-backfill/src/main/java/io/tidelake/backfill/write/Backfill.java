/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.write;

import io.tidelake.backfill.input.SnapshotInput;
import io.tidelake.backfill.input.SnapshotInputs;
import io.tidelake.backfill.model.BackfillRun;
import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.diff.ColumnGroup;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.table.api.Table;
import org.apache.flink.types.Row;
import org.apache.flink.util.CloseableIterator;
import org.apache.paimon.table.FileStoreTable;

/**
 * A backfill that was understood: its target, its snapshot, its mapping and the partitions that it
 * will write.
 */
public final class Backfill {

  private final LakeConfig config;
  private final FileStoreTable target;
  private final List<ColumnGroup> groups;
  private final SnapshotInput input;
  private final Mapping mapping;
  private final boolean allDays;
  private final List<String> partitions;
  private final List<String> missingDays;

  private Backfill(
      LakeConfig config,
      FileStoreTable target,
      List<ColumnGroup> groups,
      SnapshotInput input,
      Mapping mapping,
      List<String> days) {
    this.config = config;
    this.target = target;
    this.groups = groups;
    this.input = input;
    this.mapping = mapping;
    this.allDays = days.isEmpty();
    Set<String> found = new TreeSet<>();
    if (target.partitionKeys().isEmpty()) {
      found.add("");
    } else {
      (allDays || input.days().isPresent() ? daysOfSnapshot() : Set.copyOf(days))
          .stream().filter(Backfill::isDay).forEach(found::add);
    }
    this.missingDays = days.stream().filter(day -> !found.contains(day)).sorted().toList();
    if (!allDays) {
      found.retainAll(days);
    }
    this.partitions = List.copyOf(found);
  }

  private Backfill(Backfill other, Mapping mapping) {
    this.config = other.config;
    this.target = other.target;
    this.groups = other.groups;
    this.input = other.input;
    this.mapping = mapping;
    this.allDays = other.allDays;
    this.partitions = other.partitions;
    this.missingDays = other.missingDays;
  }

  /** The same backfill with another mapping; the snapshot is not looked at again. */
  public Backfill with(Mapping other) {
    return new Backfill(this, other);
  }

  /**
   * Opens the parts of a backfill.
   *
   * @param target the table to write
   * @param input where the snapshot is
   * @param mapping the mapping, with its version
   * @param days the days to write; empty for all of the snapshot
   * @throws LakeException when one of them cannot be read, or the target cannot be backfilled
   */
  public static Backfill open(
      LakeConfig config,
      LakeCatalog catalog,
      String target,
      String input,
      Mapping mapping,
      List<String> days) {
    FileStoreTable table = catalog.table(target);
    List<ColumnGroup> groups = ColumnGroup.of(catalog.definition(target), table.rowType());
    if (table.partitionKeys().size() > 1) {
      throw new LakeException(
          ErrorCode.BACKFILL_TARGET_PARTITIONS,
          target + " has the partitions " + table.partitionKeys() + "; one is supported.",
          "Backfill tables that are partitioned by day, or not at all.");
    }
    checkDays(table, days);
    return new Backfill(
        config, table, groups, SnapshotInputs.open(config, input, days), mapping, days);
  }

  /**
   * Opens the parts of a backfill that was recorded.
   *
   * @throws LakeException when one of them cannot be read any more
   */
  public static Backfill open(LakeConfig config, LakeCatalog catalog, BackfillRun run) {
    boolean hasDays = !catalog.table(run.target()).partitionKeys().isEmpty();
    return open(
        config,
        catalog,
        run.target(),
        run.input(),
        Mapping.read(Path.of(run.mapping()), run.version()),
        hasDays ? run.partitions() : List.of());
  }

  /**
   * Checks days that a user chose.
   *
   * @throws LakeException when one of them is no day, or the table has no days
   */
  public static void checkDays(FileStoreTable table, List<String> days) {
    if (!days.isEmpty() && table.partitionKeys().isEmpty()) {
      throw new LakeException(
          ErrorCode.DAYS_WITHOUT_PARTITIONS,
          table.name() + " has no partitions, so there are no days to choose.",
          "Leave --days out.");
    }
    days.stream().filter(day -> !isDay(day)).findFirst().ifPresent(Backfill::refuseDay);
  }

  /**
   * The as-of in microseconds since 1970.
   *
   * @throws LakeException when it lies in the future: real time that is still to come would count
   *     as older than the snapshot
   */
  public static long checkAsOf(Instant asOf) {
    Instant now = Instant.now();
    if (asOf.isAfter(now)) {
      throw new LakeException(
          ErrorCode.AS_OF_IN_FUTURE,
          "The as-of "
              + asOf
              + " lies after now, which is "
              + now.truncatedTo(ChronoUnit.SECONDS)
              + " by the clock of this machine.",
          "Give the instant at which the snapshot was taken, in UTC, for example --as-of 2026-06-20T00:00:00Z. If that is what you gave, set this machine's clock.");
    }
    return ChronoUnit.MICROS.between(Instant.EPOCH, asOf);
  }

  /** Where snapshots that are tables, and views over tables, are read. */
  LakeConfig config() {
    return config;
  }

  public FileStoreTable target() {
    return target;
  }

  public List<ColumnGroup> groups() {
    return groups;
  }

  SnapshotInput input() {
    return input;
  }

  Mapping mapping() {
    return mapping;
  }

  /** The partitions to write, sorted; one empty text for a table without partitions. */
  public List<String> partitions() {
    return partitions;
  }

  /** Days that were asked for and that the snapshot does not have, sorted. */
  public List<String> missingDays() {
    return missingDays;
  }

  /** Names of folders that should be days and are none. */
  public List<String> foldersWithoutDay() {
    return target.partitionKeys().isEmpty()
        ? List.of()
        : input.days().orElse(Set.of()).stream().filter(day -> !isDay(day)).toList();
  }

  /** What happens to rows of other partitions than the one that is written. */
  OfferedRows.OtherDays otherDays(String dt) {
    if (input.days().isPresent()) {
      return OfferedRows.OtherDays.REJECT;
    }
    // Somebody must reject the rows that belong to no day: the first partition.
    return allDays && dt.equals(partitions.get(0))
        ? OfferedRows.OtherDays.LEAVE_DAYS
        : OfferedRows.OtherDays.LEAVE;
  }

  /**
   * How many rows the snapshot has for some partitions, by its files' metadata.
   *
   * @return empty when only reading tells
   */
  public OptionalLong rows(List<String> someOfThem) {
    if (input.days().isEmpty() || target.partitionKeys().isEmpty()) {
      return input.rows("");
    }
    return OptionalLong.of(someOfThem.stream().mapToLong(dt -> input.rows(dt).orElse(0)).sum());
  }

  private Set<String> daysOfSnapshot() {
    if (input.days().isPresent()) {
      return input.days().get();
    }
    Set<String> days = new TreeSet<>();
    Table distinct = PartitionJob.partitions(config, target, mapping, input);
    try (CloseableIterator<Row> rows = distinct.execute().collect()) {
      rows.forEachRemaining(
          row -> Optional.ofNullable(row.getField(0)).map(Object::toString).ifPresent(days::add));
    } catch (Exception e) {
      throw new LakeException(
          ErrorCode.SNAPSHOT_UNREADABLE,
          "The days of the snapshot cannot be read: " + LakeException.rootMessage(e) + ".",
          "Mend the snapshot or the mapping; --days names days without reading them all.",
          e);
    }
    return days;
  }

  static boolean isDay(String text) {
    try {
      return LocalDate.parse(text).toString().equals(text);
    } catch (DateTimeException e) {
      return false;
    }
  }

  private static void refuseDay(String day) {
    throw new LakeException(
        ErrorCode.DAY_INVALID,
        "'" + day + "' is no day.",
        "Write days as yyyy-MM-dd, separated by commas.");
  }
}
