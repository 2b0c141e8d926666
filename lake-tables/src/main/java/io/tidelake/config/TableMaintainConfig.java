package io.tidelake.config;

import java.time.Duration;

/**
 * How small one table is kept; what is NULL is as for all tables.
 *
 * @param dayTags of how many closed days it keeps its last state
 * @param daysFor how long it keeps a day, whatever its layer
 */
public record TableMaintainConfig(
    @Setting(value = "Closed days whose last state is kept as a tag; 0 for none.", min = "0")
        Integer dayTags,
    @Setting(
            value = "How long it keeps a day, whatever its layer; longer than open-days.",
            example = "200 d")
        Duration daysFor) {}
