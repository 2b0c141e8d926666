/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.config;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How small tables are kept.
 *
 * @param dayTags of how many closed days each table keeps its last state; 0 for none
 * @param orphansAfter how old a file that no snapshot and no tag knows must be to be removed
 * @param details the layers that hold details: what is aggregated from them outlives them
 * @param detailsFor how long these layers keep a day; {@link Durations#FOREVER} for ever
 * @param tables what is different for single tables, by name
 */
public record MaintainConfig(
    @Setting(
            value = "Closed days whose last state is kept as a tag, as day-2026-06-18; 0 for none.",
            fallback = "14",
            min = "0")
        int dayTags,
    @Setting(
            value =
                "Age at which files that no snapshot and no tag knows are removed: a writer may be about to commit younger ones.",
            fallback = "1 d",
            min = "0 s")
        Duration orphansAfter,
    @Setting(
            value =
                "The layers that hold details, which may go before what is aggregated from them. A table's layer is its name up to the first underscore.",
            fallback = "[ods, dwd]")
        List<String> details,
    @Setting(
            value = "How long these layers keep a day; longer than open-days.",
            fallback = "forever")
        Duration detailsFor,
    @Setting("What differs for single tables.") Map<String, Table> tables) {

  public MaintainConfig {
    details = details == null ? List.of() : List.copyOf(details);
    tables = tables == null ? Map.of() : new LinkedHashMap<>(tables);
  }

  /**
   * How small one table is kept; what is NULL is as for all tables.
   *
   * @param dayTags of how many closed days it keeps its last state
   * @param daysFor how long it keeps a day, whatever its layer
   */
  public record Table(
      @Setting(value = "Closed days whose last state is kept as a tag; 0 for none.", min = "0")
          Integer dayTags,
      @Setting(
              value = "How long it keeps a day, whatever its layer; longer than open-days.",
              example = "200 d")
          Duration daysFor) {}
}
