/**
 * Classes that run inside Kafka Connect, beside Debezium: no date of zeros ends a task, no record
 * is larger than Kafka takes.
 *
 * <p>May use Kafka Connect and Debezium only; nothing of Tidelake is on their class path there.
 */
package io.tidelake.streaming.connect;
