package io.tidelake.stack;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tidelake.tables.LakeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/** Change capture of the local stack: Debezium in a standalone worker of Kafka Connect. */
final class CaptureWorker {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private static final Duration READY_WITHIN = Duration.ofSeconds(90);

  private CaptureWorker() {}

  /**
   * Starts the worker and waits until the connector runs.
   *
   * @param folder holds its configuration and its place in the database's log
   * @param restPort the port at which it is asked
   * @throws LakeException when it does not start, or its place in the log is lost
   */
  static ChildProcess start(Path folder, Path logs, int restPort, CaptureConfig config)
      throws IOException, InterruptedException {
    Files.createDirectories(folder);
    Path worker = folder.resolve("worker.properties");
    Path connector = folder.resolve("connector.properties");
    config.write(folder, restPort, worker, connector);
    ChildProcess process =
        ChildProcess.startJava(
            "capture",
            logs,
            Jvm.likeThis("512m"),
            "org.apache.kafka.connect.cli.ConnectStandalone",
            List.of(worker.toString(), connector.toString()));
    AtomicReference<String> lost = new AtomicReference<>();
    process.awaitReady(READY_WITHIN, () -> isReadyOrLost(restPort, lost));
    if (lost.get() != null) {
      process.close();
      throw placeLost(lost.get(), folder);
    }
    return process;
  }

  private static boolean isReadyOrLost(int restPort, AtomicReference<String> lost)
      throws IOException, InterruptedException {
    Optional<String> failure = failure(restPort);
    failure.filter(CaptureWorker::isPlaceLost).ifPresent(lost::set);
    if (lost.get() != null) {
      return true;
    }
    if (failure.isPresent()) {
      restart(restPort);
      throw new IOException(failure.get());
    }
    return isRunning(restPort);
  }

  /** True when the connector and its task run. */
  static boolean isRunning(int restPort) throws IOException, InterruptedException {
    JsonNode status = status(restPort);
    return status.path("connector").path("state").asText().equals("RUNNING")
        && status.path("tasks").path(0).path("state").asText().equals("RUNNING");
  }

  /** The state of its task, or of the connector when it has no task; empty when it has neither. */
  static Optional<String> state(int restPort) throws IOException, InterruptedException {
    JsonNode status = status(restPort);
    return Stream.of(status.path("tasks").path(0), status.path("connector"))
        .map(part -> part.path("state").asText())
        .filter(state -> !state.isEmpty())
        .findFirst();
  }

  /** Why its task has failed; empty when it has not. */
  static Optional<String> failure(int restPort) throws IOException, InterruptedException {
    JsonNode task = status(restPort).path("tasks").path(0);
    return task.path("state").asText().equals("FAILED")
        ? Optional.of(reason(task.path("trace").asText()))
        : Optional.empty();
  }

  /** Starts a failed task again. */
  static void restart(int restPort) throws IOException, InterruptedException {
    send(restPort, "POST", "/connectors/" + CaptureConfig.CONNECTOR + "/tasks/0/restart");
  }

  /**
   * Whether a failure says that the database does not have any more what comes next: no restart
   * helps.
   */
  static boolean isPlaceLost(String reason) {
    return reason.contains("no longer available on the server")
        || reason.contains("Could not find first log file")
        || reason.contains("db history topic is missing");
  }

  /**
   * Whether a failure says that a row in the log is not whole, as sessions with another
   * binlog_row_image than FULL write it: no restart gets past it.
   */
  static boolean isPartialRow(String reason) {
    return reason.contains("internal schema size");
  }

  /**
   * The error of a place that is lost.
   *
   * @param folder the worker's folder
   */
  static LakeException placeLost(String reason, Path folder) {
    return new LakeException(
        "CAPTURE_PLACE_LOST",
        "Change capture cannot go on where it was, and changes are missing: " + reason,
        "The captured tables must be read again. End the stack, remove "
            + folder
            + " and start it: capture reads all their rows and goes on from now. Rows that were"
            + " deleted meanwhile stay in the lake until a backfill corrects them. Keep the"
            + " database's log for longer than capture may be away (expire_logs_days).");
  }

  /** The last cause of a stack trace, which says more than the first. */
  private static String reason(String trace) {
    List<String> lines = trace.lines().toList();
    return lines.stream()
        .filter(line -> line.startsWith("Caused by: "))
        .reduce((first, second) -> second)
        .map(line -> line.substring("Caused by: ".length()))
        .orElse(lines.isEmpty() ? "task failed" : lines.get(0));
  }

  private static JsonNode status(int restPort) throws IOException, InterruptedException {
    return send(restPort, "GET", "/connectors/" + CaptureConfig.CONNECTOR + "/status");
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
