/**
 * Change capture in Kafka Connect, seen from outside: its connector, its topics, its place in the
 * source's log, the columns that it captures, what its log warns of.
 *
 * <p>May not decode events; that is {@code streaming.changelog}.
 */
package io.tidelake.streaming.capture;
