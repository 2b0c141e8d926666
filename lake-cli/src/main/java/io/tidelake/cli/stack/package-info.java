/**
 * {@code lake up}, {@code down}, {@code status}, {@code doctor}, {@code demo}, {@code workload …}
 * and {@code benchmark …}: arguments and screens; the work is done in {@code io.tidelake.stack},
 * {@code health}, {@code doctor}, {@code demo}, {@code workload} and {@code benchmark}.
 */
package io.tidelake.cli.stack;
