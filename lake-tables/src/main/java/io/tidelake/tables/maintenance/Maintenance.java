/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.maintenance;

import io.tidelake.config.LakeConfig;
import io.tidelake.config.MaintainConfig;
import io.tidelake.error.LakeException;
import io.tidelake.process.ScratchFolder;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.io.CountedDeletes;
import io.tidelake.tables.model.TableDefinition;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.Snapshot;
import org.apache.paimon.data.BinaryRow;
import org.apache.paimon.operation.LocalOrphanFilesClean;
import org.apache.paimon.options.ExpireConfig;
import org.apache.paimon.options.Options;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.FileStoreTableFactory;
import org.apache.paimon.table.sink.BatchTableCommit;
import org.apache.paimon.table.sink.TableCommitImpl;
import org.apache.paimon.tag.Tag;
import org.apache.paimon.utils.Pair;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps tables small while streams write and read them: a tag on the last state of each closed day
 * (in the business time zone), no more tags, days, snapshots and files than the configuration asks
 * for. What it does, Paimon does; it may be repeated at any time and interrupted at any moment.
 *
 * <p>Only Paimon's own folders of a table are looked at (snapshots, manifests, index files,
 * statistics, buckets). Whatever else lies beside them is left alone, Iceberg metadata too.
 */
public final class Maintenance {

  private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);

  /** How the tags of closed days begin; the day follows. */
  public static final String DAY_TAG = "day-";

  private static final String COMMIT_USER = "maintenance";

  /** A snapshot that may expire so soon is not tagged: somebody may be deleting its files. */
  private static final Duration SAFE_FOR = Duration.ofMinutes(2);

  private final LakeConfig config;
  private final LakeCatalog catalog;
  private final Clock clock;
  private final KeptDays keptDays;
  private final Duration orphansAfter;

  /**
   * @param clock what time it is
   * @throws LakeException when it names an unknown table, or days would be dropped that are still
   *     open
   */
  public Maintenance(LakeConfig config, LakeCatalog catalog, Clock clock) {
    this.config = config;
    this.catalog = catalog;
    this.clock = clock;
    this.keptDays = KeptDays.of(config);
    this.orphansAfter = config.maintain().orphansAfter();
    config.maintain().tables().keySet().forEach(catalog::table);
  }

  /**
   * Maintains tables.
   *
   * @param tables their names; when one fails the others are maintained nevertheless
   */
  public MaintenanceReport run(List<String> tables) {
    return new MaintenanceReport(
        tables.stream()
            .map(name -> new OneTable(name, CountedDeletes.on(catalog.table(name).fileIO())))
            .map(table -> table.maintain(table::change))
            .toList(),
        scratchFolders(ScratchFolder::delete));
  }

  /** What {@link #run} would do now; changes nothing. */
  public MaintenanceReport plan(List<String> tables) {
    return new MaintenanceReport(
        tables.stream()
            .map(
                name ->
                    new OneTable(name, CountedDeletes.rehearsedOn(catalog.table(name).fileIO())))
            .map(table -> table.maintain(change -> {}))
            .toList(),
        scratchFolders(folder -> {}));
  }

  @FunctionalInterface
  private interface Change {
    void run() throws Exception;
  }

  @FunctionalInterface
  private interface Changing {
    void run(Change change) throws Exception;
  }

  @FunctionalInterface
  private interface Deleting {
    void delete(Path folder) throws IOException;
  }

  private static List<String> scratchFolders(Deleting deleting) {
    try {
      List<String> names = new ArrayList<>();
      for (Path folder : ScratchFolder.abandoned()) {
        deleting.delete(folder);
        names.add(folder.toString());
      }
      return names;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot delete scratch folders", e);
    }
  }

  private LocalDate today() {
    return LocalDate.ofInstant(clock.instant(), config.timeZone());
  }

  /** The maintenance of one table. */
  private final class OneTable {

    private final String name;
    private final CountedDeletes files;
    private final List<String> tagsMade = new ArrayList<>();
    private final List<String> tagsRemoved = new ArrayList<>();
    private final List<String> daysDropped = new ArrayList<>();
    private final List<String> notes = new ArrayList<>();
    private long orphans;

    OneTable(String name, CountedDeletes files) {
      this.name = name;
      this.files = files;
    }

    /** What is not a deletion, and is left out of a dry run. */
    void change(Change change) throws Exception {
      change.run();
    }

    MaintenanceReport.Table maintain(Changing changing) {
      Optional<String> failure = Optional.empty();
      try {
        FileStoreTable table = table();
        // Tags first: they keep what would expire.
        tagClosedDay(table, changing);
        removeTags(table);
        dropDays(table, changing);
        expireSnapshots(table);
        removeOrphans(table);
      } catch (Exception e) {
        LOG.error("Maintenance of {} failed", name, e);
        failure = Optional.of(LakeException.rootMessage(e));
      }
      return new MaintenanceReport.Table(
          name,
          files.deletedSnapshots(),
          tagsMade,
          tagsRemoved,
          daysDropped,
          files.deletedFiles(),
          files.deletedBytes(),
          orphans,
          notes,
          failure);
    }

    /** The table on the counting file system, as one that cares for itself. */
    private FileStoreTable table() {
      FileStoreTable table = catalog.table(name);
      Options options = new Options();
      options.set(CoreOptions.WRITE_ONLY, false);
      // All at once; Paimon's writers expire a few with each commit.
      options.set(CoreOptions.SNAPSHOT_EXPIRE_LIMIT, Integer.MAX_VALUE);
      return FileStoreTableFactory.create(
          files, table.location(), table.schema(), options, table.catalogEnvironment());
    }

    private int dayTags() {
      MaintainConfig.Table own = config.maintain().tables().get(name);
      return own != null && own.dayTags() != null ? own.dayTags() : config.maintain().dayTags();
    }

    private void tagClosedDay(FileStoreTable table, Changing changing) throws Exception {
      String tag = DAY_TAG + today().minusDays(1);
      if (dayTags() == 0 || table.tagManager().tagExists(tag)) {
        return;
      }
      long midnight = today().atStartOfDay(config.timeZone()).toInstant().toEpochMilli();
      Snapshot last = table.snapshotManager().earlierOrEqualTimeMills(midnight - 1);
      if (last != null && isSafe(table, last)) {
        changing.run(() -> catalog.table(name).createTag(tag, last.id(), null));
        tagsMade.add(tag);
      } else if (hasForgotten(table)) {
        notes.add("no " + tag + ": no snapshot from before midnight is kept any more");
      }
    }

    /** A table whose first snapshot is there has held nothing before it. */
    private static boolean hasForgotten(FileStoreTable table) {
      Long earliest = table.snapshotManager().earliestSnapshotId();
      return earliest != null && earliest > Snapshot.FIRST_SNAPSHOT_ID;
    }

    private boolean isSafe(FileStoreTable table, Snapshot snapshot) {
      ExpireConfig expire = table.coreOptions().expireConfig();
      long latest = table.latestSnapshot().orElseThrow().id();
      if (snapshot.id() > latest - expire.getSnapshotRetainMin()) {
        return true;
      }
      Instant replacedAt =
          Instant.ofEpochMilli(table.snapshotManager().snapshot(snapshot.id() + 1).timeMillis());
      return replacedAt
          .plus(expire.getSnapshotTimeRetain())
          .isAfter(clock.instant().plus(SAFE_FOR));
    }

    private void removeTags(FileStoreTable table) {
      for (Pair<Tag, String> tag : table.tagManager().tagObjects()) {
        if (isOver(tag.getLeft()) || isOldDay(tag.getRight())) {
          table.deleteTag(tag.getRight());
          tagsRemoved.add(tag.getRight());
        }
      }
    }

    /** Of a tag that was made to be kept for a while, by a backfill for example. */
    private boolean isOver(Tag tag) {
      // Paimon writes the time of its machine.
      return tag.getTagTimeRetained() != null
          && tag.getTagCreateTime() != null
          && tag.getTagCreateTime()
              .plus(tag.getTagTimeRetained())
              .isBefore(LocalDateTime.ofInstant(clock.instant(), ZoneId.systemDefault()));
    }

    private boolean isOldDay(String tag) {
      if (!tag.startsWith(DAY_TAG)) {
        return false;
      }
      try {
        return LocalDate.parse(tag.substring(DAY_TAG.length()))
            .isBefore(today().minusDays(dayTags()));
      } catch (DateTimeParseException e) {
        // A tag that somebody made by hand.
        return false;
      }
    }

    private void dropDays(FileStoreTable table, Changing changing) throws Exception {
      Optional<String> first = keptDays.firstAt(catalog.definition(name), clock.instant());
      if (first.isEmpty()) {
        return;
      }
      List<Map<String, String>> old = new ArrayList<>();
      for (BinaryRow partition : table.newSnapshotReader().partitions()) {
        String day = partition.getString(0).toString();
        if (!partition.isNullAt(0) && day.compareTo(first.get()) < 0) {
          daysDropped.add(day);
          old.add(Map.of(TableDefinition.DAY, day));
        }
      }
      daysDropped.sort(null);
      if (!old.isEmpty()) {
        changing.run(
            () -> {
              FileStoreTable target =
                  catalog
                      .table(name)
                      .copy(Map.of(CoreOptions.COMMIT_USER_PREFIX.key(), COMMIT_USER));
              try (BatchTableCommit commit = target.newBatchWriteBuilder().newCommit()) {
                commit.truncatePartitions(old);
              }
            });
      }
    }

    private void expireSnapshots(FileStoreTable table) throws Exception {
      try (TableCommitImpl commit = table.newCommit(COMMIT_USER)) {
        commit.expireSnapshots();
      }
      long since = clock.millis() - table.coreOptions().snapshotTimeRetain().toMillis();
      table
          .consumerManager()
          .consumers()
          .forEach(
              (consumer, next) -> {
                if (table.snapshotManager().snapshotExists(next)
                    && table.snapshotManager().snapshot(next).timeMillis() < since) {
                  notes.add("the consumer " + consumer + " keeps all snapshots since " + next);
                }
              });
    }

    private void removeOrphans(FileStoreTable table) throws Exception {
      long before = files.deletedFiles();
      new LocalOrphanFilesClean(table, clock.millis() - orphansAfter.toMillis()).clean();
      orphans = files.deletedFiles() - before;
    }
  }
}
