/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.doctor;

import io.tidelake.doctor.Check.Level;
import java.util.List;

/**
 * What all checks have found.
 *
 * @param checks in the order in which they build upon each other
 */
public record Diagnosis(List<Check> checks) {

  public Diagnosis {
    checks = List.copyOf(checks);
  }

  /** Whether there is no problem. */
  public boolean isWell() {
    return count(Level.PROBLEM) == 0;
  }

  /** How many checks have found something of a level. */
  public long count(Level level) {
    return checks.stream().filter(check -> check.level() == level).count();
  }
}
