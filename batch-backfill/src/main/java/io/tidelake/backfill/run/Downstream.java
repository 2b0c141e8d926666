package io.tidelake.backfill.run;

import io.tidelake.backfill.closeddays.ClosedDays;
import io.tidelake.backfill.closeddays.ClosedTable;
import io.tidelake.backfill.model.Recomputation;
import io.tidelake.config.LakeConfig;
import io.tidelake.config.LakeHome;
import io.tidelake.streaming.job.BatchEngine;
import io.tidelake.streaming.pipeline.Lineage;
import io.tidelake.streaming.pipeline.LineageReader;
import io.tidelake.tables.catalog.LakeCatalog;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What follows from a change of a table.
 *
 * @param byStream tables that the streaming jobs bring up to date; of those that they leave to
 *     batch when a day has closed, the open days
 * @param byRun closed days of such tables that are made of the table, themselves or through others,
 *     which the run computes anew at its end
 * @param bySweep such tables whose closed days follow when streams have written what they read: the
 *     next {@code lake backfill sweep} computes them
 */
public record Downstream(List<String> byStream, List<Recomputation> byRun, List<String> bySweep) {

  /** Nothing changes. */
  static final Downstream NOTHING = new Downstream(List.of(), List.of(), List.of());

  /**
   * Finds it out from the pipelines.
   *
   * @param days in which days of the table something changes
   */
  static Downstream of(
      LakeHome home,
      LakeConfig config,
      LakeCatalog catalog,
      BatchEngine engine,
      String table,
      List<String> days) {
    Set<String> following = following(LineageReader.read(home, config), table);
    if (!ClosedDays.concern(config, days)) {
      return new Downstream(List.copyOf(following), List.of(), List.of());
    }
    ClosedDays closedDays = new ClosedDays(home, config, catalog, engine);
    List<Recomputation> byRun = closedDays.plan(table, days);
    Set<String> computed = byRun.stream().map(Recomputation::target).collect(Collectors.toSet());
    List<String> bySweep =
        closedDays.tables().stream()
            .map(ClosedTable::name)
            .filter(name -> following.contains(name) && !computed.contains(name))
            .toList();
    return new Downstream(List.copyOf(following), byRun, bySweep);
  }

  /** All tables that are made from a table, through others or not. */
  private static Set<String> following(Lineage lineage, String table) {
    Set<String> following = new TreeSet<>();
    Set<String> found = Set.of(table);
    while (!found.isEmpty()) {
      Set<String> from = found;
      found =
          lineage.edges().stream()
              .filter(edge -> from.contains(edge.from()))
              .map(Lineage.Edge::to)
              .filter(to -> !to.equals(table) && following.add(to))
              .collect(Collectors.toSet());
    }
    return following;
  }
}
