/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.closeddays;

import io.tidelake.backfill.model.DayCounts;
import io.tidelake.backfill.model.DayRange;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.catalog.LakeCatalog;
import io.tidelake.tables.diff.DataFiles;
import io.tidelake.tables.io.PaimonRows;
import io.tidelake.tables.model.SqlName;
import java.util.Map;
import java.util.TreeMap;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.paimon.CoreOptions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes days of a table right, in batch, with the query of its pipeline: rows that are wrong are
 * replaced, those of groups that vanished are deleted, in one commit. To a table with versions only
 * what is newer than what it holds is written.
 *
 * <p>Repairs may overlap, in any number of processes: each makes sure that no other has written the
 * days since it began, and else computes them once more. Whichever writes last has read last.
 */
final class DayRepair {

  private static final Logger LOG = LoggerFactory.getLogger(DayRepair.class);

  private static final int ATTEMPTS = 5;

  private final LakeCatalog catalog;
  private final TableEnvironment session;

  /**
   * @param session a batch session that knows the views of the tables
   */
  DayRepair(LakeCatalog catalog, TableEnvironment session) {
    this.catalog = catalog;
    this.session = session;
  }

  /**
   * Makes closed days of a table what its query yields.
   *
   * @return what was found, by day; days without rows left out
   * @throws LakeException when a batch job fails, or other writers do not leave the days alone
   */
  Map<String, DayCounts> makeRight(ClosedTable table, DayRange days) {
    Map<String, DayCounts> counts = new TreeMap<>();
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      // Before the inputs are read, see the class.
      long before = catalog.latestSnapshotId(table.name());
      String writer = "closed-days-" + Long.toHexString(System.nanoTime());
      Map<String, DayCounts> found = write(table, days, writer);
      merge(counts, found);
      if (table.isVersioned()
          // Whoever writes last, the newer values win.
          || found.values().stream().allMatch(day -> day.differences() == 0)
          || !DataFiles.writtenByOthers(
              catalog.table(table.name()), before, writer, days::contains)) {
        return counts;
      }
      LOG.info("{} was written by others, too; its closed days are compared again", table.name());
    }
    throw new LakeException(
        ErrorCode.CLOSED_DAYS_CONTESTED,
        "Closed days of "
            + table.name()
            + " were written by others while they were recomputed, "
            + ATTEMPTS
            + " times, or its snapshots expired meanwhile.",
        "Make sure that streams with the same `open-days` as this command write the table, and that"
            + " `snapshot.time-retained` is longer than a computation; then `lake backfill sweep`.");
  }

  /** The differences of all attempts, and the rows that were right in the last one. */
  private static void merge(Map<String, DayCounts> counts, Map<String, DayCounts> latest) {
    counts.replaceAll(
        (day, found) -> new DayCounts(found.inserted(), found.changed(), found.deleted(), 0));
    latest.forEach((day, found) -> counts.merge(day, found, DayCounts::plus));
  }

  /** Compares days and makes them right in one commit; in none when nothing differs. */
  private Map<String, DayCounts> write(ClosedTable table, DayRange days, String writer) {
    Map<String, DayCounts> found = new TreeMap<>();
    try {
      narrowInputs(table, days);
      PaimonRows.write(
          catalog.table(table.name()).copy(Map.of(CoreOptions.COMMIT_USER_PREFIX.key(), writer)),
          rows -> found.putAll(DayComparison.run(table, days, session, rows::write)));
      return found;
    } catch (Exception e) {
      throw failed(table, e);
    } finally {
      table.inputs().keySet().forEach(session::dropTemporaryView);
    }
  }

  /**
   * Hides inputs behind views that have the days only. Often the planner would read no others by
   * itself, but never below an UNNEST.
   */
  private void narrowInputs(ClosedTable table, DayRange days) {
    if (table.isByDay()) {
      for (String input : table.inputs().keySet()) {
        session.createTemporaryView(
            input,
            session.sqlQuery(
                "SELECT * FROM %s WHERE %s".formatted(SqlName.quoted(input), days.toSql())));
      }
    }
  }

  private static LakeException failed(ClosedTable table, Exception cause) {
    if (cause instanceof LakeException known) {
      return known;
    }
    return new LakeException(
        ErrorCode.CLOSED_DAYS_FAILED,
        "Closed days of "
            + table.name()
            + " could not be recomputed: "
            + LakeException.rootMessage(cause),
        "They are as they were, and the next `lake backfill sweep` takes them up; --debug shows the"
            + " whole error.",
        cause);
  }
}
