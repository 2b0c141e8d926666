/**
 * A drill: jobs lose all their state on purpose, and the tables are compared before and after
 * ({@code lake stream drill}).
 *
 * <p>May not leave the lake other than it found it.
 */
package io.tidelake.streaming.drill;
