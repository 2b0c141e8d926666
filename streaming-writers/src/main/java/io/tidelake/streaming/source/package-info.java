/**
 * The source database and the files that describe it: what is checked before and while changes are
 * captured ({@code lake sources check}), columns that differ, adopting new ones.
 *
 * <p>May only read the source.
 */
package io.tidelake.streaming.source;
