/**
 * The functions that SQL calls the merge law by: versions ({@code REALTIME_VERSION}, {@code
 * SNAPSHOT_VERSION}, {@code CORRECTION_VERSION} and those that take one apart) and aggregates over
 * versioned values. {@link io.tidelake.merge.function.MergeFunctions} lists them with their SQL
 * names.
 *
 * <p>A function translates types and NULLs; what it decides, it asks of {@code
 * io.tidelake.merge.law}. It may not know Paimon or any table.
 */
package io.tidelake.merge.function;
