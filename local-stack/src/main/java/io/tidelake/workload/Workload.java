/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.workload;

import java.time.Instant;
import java.util.Iterator;
import java.util.List;

/**
 * The order system, simulated: the transactions it would commit, in order. The sequence depends on
 * the options only, never on the real clock, so it can be made again to go on after an interruption
 * or to know the truth.
 *
 * <p>What happens: orders of three business lines and two directions with one to three parcels;
 * payments; abandoned orders that are purged, some of them placed again; assignments and
 * re-assignments of warehouse and carrier; scans that come late, twice and out of order, some of
 * them withdrawn; customs; cancellations before and after shipping; merchants that appear after
 * their first orders; renamed merchants, warehouses and carriers.
 */
public final class Workload implements Iterator<List<RowChange>> {

  private static final long FIRST_ORDER_ID = 1_000_000L;

  private final Simulation simulation;

  /** Starts the simulation from its beginning. */
  public Workload(WorkloadOptions options) {
    simulation = new Simulation(options);
    new DimensionFlow(simulation).plan();
    planOrders();
  }

  private void planOrders() {
    Instant start = simulation.now().plusSeconds(1);
    for (int i = 0; i < simulation.options().orders(); i++) {
      long orderId = FIRST_ORDER_ID + i;
      simulation.at(
          start.plus(simulation.random().fraction(simulation.span())),
          now -> OrderFlow.place(simulation, orderId, now));
    }
  }

  /** True while transactions are left. */
  @Override
  public boolean hasNext() {
    return simulation.hasNext();
  }

  /** The changes of the next transaction; never empty. */
  @Override
  public List<RowChange> next() {
    return simulation.next();
  }

  /** The time of the last transaction; the start of the first day before there was one. */
  Instant now() {
    return simulation.now();
  }

  /** The changes of the next transaction; NULL when the workload is done. */
  List<RowChange> nextOrNull() {
    return hasNext() ? next() : null;
  }
}
