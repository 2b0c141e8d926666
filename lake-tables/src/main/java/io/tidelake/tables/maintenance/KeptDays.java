/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.maintenance;

import io.tidelake.config.Durations;
import io.tidelake.config.LakeConfig;
import io.tidelake.config.MaintainConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.tables.model.OpenDays;
import io.tidelake.tables.model.TableDefinition;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** How long tables keep their days ({@code maintain:} of the configuration). */
public final class KeptDays {

  private final LakeConfig config;

  private KeptDays(LakeConfig config) {
    this.config = config;
  }

  /**
   * Understands the configuration.
   *
   * @throws LakeException when days would be dropped that are still open
   */
  public static KeptDays of(LakeConfig config) {
    KeptDays kept = new KeptDays(config);
    kept.days("details-for", config.maintain().detailsFor());
    config
        .maintain()
        .tables()
        .forEach((name, table) -> kept.days("tables: " + name + ": days-for", table.daysFor()));
    return kept;
  }

  /**
   * The first day that a table keeps; those before it are dropped, or are already.
   *
   * @return empty when it keeps all days
   */
  public Optional<String> firstAt(TableDefinition table, Instant now) {
    if (!table.isPartitionedByDay()) {
      return Optional.empty();
    }
    MaintainConfig.Table own = config.maintain().tables().get(table.name());
    Duration age = null;
    if (own != null && own.daysFor() != null) {
      age = own.daysFor();
    } else if (config.maintain().details().contains(table.layer())) {
      age = config.maintain().detailsFor();
    }
    return days(table.name(), age)
        .map(count -> new OpenDays(count, config.timeZone()).firstAt(now));
  }

  private Optional<Integer> days(String name, Duration age) {
    if (age == null || age.equals(Durations.FOREVER)) {
      return Optional.empty();
    }
    if (age.toDays() <= config.openDays()) {
      throw new LakeException(
          ErrorCode.MAINTAIN_INVALID,
          "`maintain: "
              + name
              + "` is "
              + Durations.format(age)
              + ", but days are open for "
              + config.openDays()
              + " d: streams still aggregate what would be dropped.",
          "Name a longer time, or `forever`; `open-days` says how long days are open.");
    }
    return Optional.of(Math.toIntExact(age.toDays()));
  }
}
