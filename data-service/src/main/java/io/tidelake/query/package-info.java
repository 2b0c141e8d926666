/**
 * Questions to the lake: query files with parameters, and what any answer has: limits, progress,
 * columns. {@code query.trino} asks, {@code query.result} prints.
 *
 * <p>May not know commands or screens.
 */
package io.tidelake.query;
