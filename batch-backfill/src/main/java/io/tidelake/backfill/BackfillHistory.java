package io.tidelake.backfill;

import io.tidelake.tables.LakeCatalog;
import java.util.List;

/** What the lake has recorded of its backfills. */
public final class BackfillHistory {

  private final BackfillRecords records;

  /** The history of a lake. */
  public BackfillHistory(LakeCatalog catalog) {
    this.records = new BackfillRecords(catalog);
  }

  /** All runs, the latest first. */
  public List<BackfillRun> runs() {
    return records.runs();
  }

  /**
   * A run.
   *
   * @throws io.tidelake.tables.LakeException when there is no such run
   */
  public BackfillRun run(String id) {
    return records.run(id);
  }

  /** The receipts of a run, by partition; none for partitions that are not done. */
  public List<Receipt> receipts(String run) {
    return records.receipts(run);
  }
}
