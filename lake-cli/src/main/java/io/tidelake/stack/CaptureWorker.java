package io.tidelake.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Change capture of the local stack: Debezium in a standalone worker of Kafka Connect. */
final class CaptureWorker {

  static final String CONNECTOR = "logistics";

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

  private CaptureWorker() {}

  /**
   * Starts the worker and waits until the connector runs.
   *
   * @param topicPrefix topics are named {@code <topicPrefix>.<database>.<table>}
   * @param transformations properties of the connector's transformations; empty for none
   */
  static ChildProcess start(
      Path folder,
      Path logs,
      int restPort,
      int kafkaPort,
      int databasePort,
      String topicPrefix,
      String transformations)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path worker = folder.resolve("worker.properties");
    Files.writeString(
        worker,
        """
        bootstrap.servers=127.0.0.1:%d
        listeners=http://127.0.0.1:%d
        key.converter=org.apache.kafka.connect.json.JsonConverter
        key.converter.schemas.enable=false
        value.converter=org.apache.kafka.connect.json.JsonConverter
        value.converter.schemas.enable=false
        offset.storage.file.filename=%s
        offset.flush.interval.ms=1000
        plugin.discovery=service_load
        producer.linger.ms=5
        producer.batch.size=262144
        """
            .formatted(kafkaPort, restPort, folder.resolve("offsets")));
    Path connector = folder.resolve("connector.properties");
    Files.writeString(
        connector,
        """
        name=%s
        connector.class=io.debezium.connector.mariadb.MariaDbConnector
        tasks.max=1
        database.hostname=127.0.0.1
        database.port=%d
        database.user=%s
        database.password=%s
        database.server.id=4201
        database.ssl.mode=disable
        database.include.list=logistics
        topic.prefix=%s
        snapshot.mode=initial
        snapshot.locking.mode=minimal
        decimal.handling.mode=string
        time.precision.mode=isostring
        tombstones.on.delete=false
        include.schema.changes=false
        poll.interval.ms=50
        max.batch.size=4096
        max.queue.size=16384
        schema.history.internal=io.debezium.storage.file.history.FileSchemaHistory
        schema.history.internal.file.filename=%s
        """
                .formatted(
                    CONNECTOR,
                    databasePort,
                    MariaDbServer.CAPTURE_USER,
                    MariaDbServer.CAPTURE_PASSWORD,
                    topicPrefix,
                    folder.resolve("schema-history"))
            + transformations);
    ChildProcess process =
        ChildProcess.startJava(
            "capture",
            logs,
            Jvm.likeThis("512m"),
            "org.apache.kafka.connect.cli.ConnectStandalone",
            List.of(worker.toString(), connector.toString()));
    process.awaitReady(Duration.ofSeconds(90), () -> isRunning(restPort));
    return process;
  }

  /** True when the connector and its task run; a failed task is started again. */
  static boolean isRunning(int restPort) throws IOException, InterruptedException {
    JsonNode status = send(restPort, "GET", "/connectors/" + CONNECTOR + "/status");
    JsonNode task = status.path("tasks").path(0);
    if (task.path("state").asText().equals("FAILED")) {
      send(restPort, "POST", "/connectors/" + CONNECTOR + "/tasks/0/restart");
      throw new IOException(task.path("trace").asText().lines().findFirst().orElse("task failed"));
    }
    return status.path("connector").path("state").asText().equals("RUNNING")
        && task.path("state").asText().equals("RUNNING");
  }

  private static JsonNode send(int restPort, String method, String path)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + restPort + path))
            .timeout(Duration.ofSeconds(5))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    return response.body().isBlank() ? JSON.nullNode() : JSON.readTree(response.body());
  }
}
