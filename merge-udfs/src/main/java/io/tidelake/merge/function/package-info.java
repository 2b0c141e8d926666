/**
 * The SQL names of the functions that Flink SQL calls the merge law by: {@link
 * io.tidelake.merge.function.MergeFunctions} makes them known to a session. The functions
 * themselves are in {@code version} and {@code aggregate}.
 *
 * <p>A function translates types and NULLs; what it decides, it asks of {@code
 * io.tidelake.merge.law}. It may not know Paimon or any table.
 */
package io.tidelake.merge.function;
