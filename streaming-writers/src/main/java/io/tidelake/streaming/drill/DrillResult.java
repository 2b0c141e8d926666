/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.drill;

import io.tidelake.tables.diff.Verification;
import io.tidelake.tables.diff.Verification.Partition;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * What a state-loss drill found.
 *
 * @param id the drill; also the name of the tags that keep what the tables held before
 * @param agrees whether every table holds what it held before
 * @param sourceWrote whether the source wrote meanwhile, so that only the tables of change capture
 *     could be compared after it had begun anew
 * @param seconds how long it took
 * @param afterJobs the tables after all jobs but change capture had begun anew; nothing else wrote
 * @param afterCapture the tables after change capture had begun anew; empty when there is no job
 *     that captures changes
 */
public record DrillResult(
    String id,
    boolean agrees,
    boolean sourceWrote,
    double seconds,
    List<Table> afterJobs,
    List<Table> afterCapture) {

  /**
   * A table against what it held before.
   *
   * @param name its name
   * @param rows how many rows it held before
   * @param different rows of which values differ
   * @param vanished rows that it has lost
   * @param appeared rows that it did not have
   * @param newer rows of which it has newer versions
   * @param agrees whether this is as it should be: of a table that change capture writes, rows may
   *     be new or newer
   * @param samples some of the differences; in them, computed is what was held before
   */
  public record Table(
      String name,
      long rows,
      long different,
      long vanished,
      long appeared,
      long newer,
      boolean agrees,
      List<Verification.Sample> samples) {

    /**
     * @param mayGoOn whether rows may be new or newer
     */
    static Table of(Verification found, boolean mayGoOn) {
      long appeared = sum(found, Partition::onlyInTable);
      long newer = sum(found, Partition::newer);
      long different = sum(found, Partition::different);
      long vanished = sum(found, Partition::onlyComputed);
      return new Table(
          found.target(),
          sum(found, Partition::equal) + newer + different + vanished,
          different,
          vanished,
          appeared,
          newer,
          different + vanished == 0 && (mayGoOn || appeared + newer == 0),
          found.samples());
    }

    private static long sum(Verification found, ToLongFunction<Partition> count) {
      return found.partitions().stream().mapToLong(count).sum();
    }

    /** Whether it holds exactly what it held before. */
    public boolean isUnchanged() {
      return agrees && appeared + newer == 0;
    }
  }

  public DrillResult {
    afterJobs = List.copyOf(afterJobs);
    afterCapture = List.copyOf(afterCapture);
  }
}
