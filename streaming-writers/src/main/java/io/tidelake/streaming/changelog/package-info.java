/**
 * The Flink table source that reads a change log from Kafka: decoding Debezium's events, a version
 * of each change in the order of the log ({@link io.tidelake.streaming.changelog.LogClock}), gaps
 * in the topic, and events that cannot be read as dead letters.
 *
 * <p>No record may end a job here. May not know the source database.
 */
package io.tidelake.streaming.changelog;
