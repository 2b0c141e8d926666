/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack.server;

import io.tidelake.secret.PrivateFiles;
import io.tidelake.streaming.capture.CaptureTopics;
import io.tidelake.streaming.connect.LimitSize;
import io.tidelake.streaming.connect.ZeroDates;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What change capture captures, and from where to where.
 *
 * @param kafkaPort the broker's loopback port
 * @param databasePort the database's loopback port
 * @param topicPrefix topics are named {@code <topicPrefix>.<database>.<table>}
 * @param database the database that is captured
 * @param tables its tables that are captured, and no other
 * @param transformations what is done to each event, in order: by name the properties, {@code type}
 *     among them
 */
public record CaptureConfig(
    int kafkaPort,
    int databasePort,
    String topicPrefix,
    String database,
    Collection<String> tables,
    Map<String, Map<String, String>> transformations) {

  static final String CONNECTOR = "logistics";

  private static final String HEARTBEAT_TOPICS = "__debezium-heartbeat";
  private static final int QUEUE_BYTES = 4 * LimitSize.LIMIT_BYTES;

  public CaptureConfig {
    tables = List.copyOf(tables);
    transformations = new LinkedHashMap<>(transformations);
  }

  /** The topics of its tables. */
  public List<String> topics() {
    return tables.stream().map(table -> topicPrefix + "." + database + "." + table).toList();
  }

  /** The topic of the connector's heartbeats, which move its place in quiet times. */
  public String heartbeatTopic() {
    return HEARTBEAT_TOPICS + "." + topicPrefix;
  }

  /** The topics by which commands of the lake and change capture talk; one partition each. */
  public List<String> ownTopics() {
    CaptureTopics own = captureTopics();
    return List.of(own.signals(), own.notifications(), own.schemaChanges());
  }

  private CaptureTopics captureTopics() {
    return new CaptureTopics(topicPrefix);
  }

  /** Writes the files with which a worker starts; only their owner can read them. */
  void write(Path folder, int restPort, Path worker, Path connector) throws IOException {
    PrivateFiles.write(worker, workerProperties(folder, restPort));
    PrivateFiles.write(connector, connectorProperties(folder));
  }

  private Map<String, String> workerProperties(Path folder, int restPort) {
    Map<String, String> worker = new TreeMap<>();
    worker.put("bootstrap.servers", "127.0.0.1:" + kafkaPort);
    worker.put("listeners", "http://127.0.0.1:" + restPort);
    worker.put("key.converter", "org.apache.kafka.connect.json.JsonConverter");
    worker.put("key.converter.schemas.enable", "false");
    worker.put("value.converter", "org.apache.kafka.connect.json.JsonConverter");
    worker.put("value.converter.schemas.enable", "false");
    // An unsigned BIGINT comes as a decimal.
    worker.put("key.converter.decimal.format", "NUMERIC");
    worker.put("value.converter.decimal.format", "NUMERIC");
    // Else a NULL becomes its column's default.
    worker.put("key.converter.replace.null.with.default", "false");
    worker.put("value.converter.replace.null.with.default", "false");
    worker.put("offset.storage.file.filename", folder.resolve("offsets").toString());
    worker.put("offset.flush.interval.ms", "1000");
    worker.put("plugin.discovery", "service_load");
    worker.put("producer.linger.ms", "5");
    worker.put("producer.batch.size", "262144");
    worker.put("producer.max.request.size", String.valueOf(LimitSize.KAFKA_BYTES));
    worker.put("producer.buffer.memory", String.valueOf(QUEUE_BYTES));
    // Connect's own bounds are endless: a topic that does not exist would stop all in silence.
    worker.put("producer.max.block.ms", "60000");
    worker.put("producer.delivery.timeout.ms", "120000");
    return worker;
  }

  private Map<String, String> connectorProperties(Path folder) {
    Map<String, String> connector = new TreeMap<>();
    connector.put("name", CONNECTOR);
    connector.put("connector.class", "io.debezium.connector.mariadb.MariaDbConnector");
    connector.put("tasks.max", "1");
    connector.put("database.hostname", "127.0.0.1");
    connector.put("database.port", String.valueOf(databasePort));
    connector.put("database.user", MariaDbServer.CAPTURE_USER);
    connector.put("database.password", MariaDbServer.CAPTURE_PASSWORD);
    connector.put("database.server.id", "4201");
    connector.put("database.ssl.mode", "disable");
    // It looks after its connection this often: by default a database that was started again is
    // followed after one or two minutes.
    connector.put("connect.keep.alive.interval.ms", "10000");
    connector.put("database.include.list", literally(database));
    connector.put(
        "table.include.list",
        tables.stream()
            .map(table -> literally(database) + "\\." + literally(table))
            .collect(Collectors.joining(",")));
    connector.put("topic.prefix", topicPrefix);
    connector.put("snapshot.mode", "initial");
    connector.put("snapshot.locking.mode", "minimal");
    connector.put("decimal.handling.mode", "string");
    connector.put("bigint.unsigned.handling.mode", "precise");
    connector.put("time.precision.mode", "isostring");
    // It makes 2001 of the year 1.
    connector.put("enable.time.adjuster", "false");
    connector.putAll(ZeroDates.properties("zerodates"));
    // Else a value that it takes for another type becomes NULL.
    connector.put("event.converting.failure.handling.mode", "fail");
    connector.put("tombstones.on.delete", "false");
    // Else TRUNCATE is skipped.
    connector.put("skipped.operations", "none");
    // Tells what it takes the tables' columns for.
    connector.put("include.schema.changes", "true");
    connector.put("heartbeat.interval.ms", "5000");
    connector.put("heartbeat.topics.prefix", HEARTBEAT_TOPICS);
    connector.put("poll.interval.ms", "50");
    connector.put("max.batch.size", "4096");
    connector.put("max.queue.size", "16384");
    connector.put("max.queue.size.in.bytes", String.valueOf(QUEUE_BYTES));
    connector.put("schema.history.internal", "io.debezium.storage.file.history.FileSchemaHistory");
    connector.put(
        "schema.history.internal.file.filename", folder.resolve("schema-history").toString());
    // The statements of other databases are none of ours, and some cannot be parsed.
    connector.put("schema.history.internal.store.only.captured.databases.ddl", "true");
    // A table is read again without writing to the database: watermarks are its GTIDs, orders come
    // through Kafka.
    connector.put("read.only", "true");
    connector.put("signal.enabled.channels", "kafka");
    connector.put("signal.kafka.topic", captureTopics().signals());
    connector.put("signal.kafka.bootstrap.servers", "127.0.0.1:" + kafkaPort);
    connector.put("signal.kafka.groupId", captureTopics().signals());
    connector.put("signal.poll.interval.ms", "500");
    // Else a worker that was killed takes up orders of the last seconds a second time.
    connector.put("signal.consumer.auto.commit.interval.ms", "500");
    connector.put("notification.enabled.channels", "sink");
    connector.put("notification.sink.topic.name", captureTopics().notifications());
    connector.put("incremental.snapshot.chunk.size", "4096");
    // Else a table whose definition changes while it is read ends the reading.
    connector.put("incremental.snapshot.allow.schema.changes", "true");
    connector.put("transforms", String.join(",", transformations.keySet()));
    transformations.forEach(
        (name, properties) ->
            properties.forEach(
                (property, value) -> connector.put("transforms." + name + "." + property, value)));
    return connector;
  }

  /** A regular expression that matches just this name. */
  private static String literally(String name) {
    return name.replaceAll("[^\\w]", "\\\\$0");
  }
}
