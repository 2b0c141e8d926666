/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.workload;

import java.time.LocalDate;

/**
 * What the order system does. Equal options give an equal sequence of transactions.
 *
 * @param seed seed of all random choices
 * @param orders how many trade orders are placed
 * @param firstDay day of the first order
 * @param days over how many days of the simulated clock the orders are placed
 * @param merchants how many merchants sell; few of them sell most
 */
public record WorkloadOptions(long seed, int orders, LocalDate firstDay, int days, int merchants) {

  /** A workload of ordinary size: three days of June 2026, 200 merchants. */
  public static WorkloadOptions of(long seed, int orders) {
    return new WorkloadOptions(seed, orders, LocalDate.of(2026, 6, 17), 3, 200);
  }
}
