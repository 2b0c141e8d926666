/**
 * Flink sessions on the lake: {@link io.tidelake.tables.flink.FlinkSession} is the only place that
 * makes Flink environments, so that catalogs, functions, time zone and options are the same
 * everywhere.
 *
 * <p>May not contain SQL or start jobs by itself.
 */
package io.tidelake.tables.flink;
