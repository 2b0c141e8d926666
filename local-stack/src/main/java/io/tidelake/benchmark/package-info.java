/**
 * Benchmarks, with their commands in {@code docs/benchmarks.md}.
 *
 * <p>May contain nothing that the product needs.
 */
package io.tidelake.benchmark;
