/**
 * The files that describe the source: writing them from a database, what is checked before and
 * while changes are captured ({@code lake sources check}), columns that differ, adopting new ones.
 *
 * <p>May only read the source.
 */
package io.tidelake.streaming.source;
