/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.capture;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;

/** The connector of change capture, by the REST interface of Kafka Connect. */
public final class CaptureConnector {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();
  private static final Duration WITHIN = Duration.ofSeconds(120);
  private static final String MODE = "snapshot.mode";
  private static final String BY_CONFIGURATION = MODE + ".configuration.based.";

  /** What a configuration has beside its own while it is changed for a moment. */
  private static final String OWN_MODE = "tidelake.snapshot.mode";

  /** Since when, in milliseconds since 1970. */
  private static final String SINCE = "tidelake.changed.since";

  private static final String CAUSED_BY = "Caused by: ";
  private static final String READING_FAILED = "while executing incremental snapshot";
  private static final String READING = "incremental_snapshot_";
  private static final String GONE = "the database's log does not have any more what comes next";

  /** Parts of failures of which no restart helps, and what they mean. */
  private static final Map<String, String> STUCK =
      Map.of(
          "no longer available on the server",
          GONE,
          "Could not find first log file",
          GONE,
          "Could not find GTID state requested by slave",
          GONE,
          "db history topic is missing",
          "it does not know the tables' columns at its place",
          "ParsingException",
          "it does not understand a statement in the database's log",
          "Failed to properly convert data value",
          "it takes a column for another than it is",
          "internal schema size",
          "a row in the database's log is not whole, a session wrote it with another"
              + " binlog_row_image than FULL");

  private final URI address;

  /**
   * @param address of the connector, as {@code http://host:8083/connectors/NAME}
   */
  public CaptureConnector(String address) {
    this.address = URI.create(address);
  }

  /**
   * What a failure means of which no restart helps, since capture cannot go on where it is; empty
   * for other failures.
   */
  public static Optional<String> whyStuck(String reason) {
    return STUCK.entrySet().stream()
        .filter(part -> reason.contains(part.getKey()))
        .map(Map.Entry::getValue)
        .findFirst();
  }

  /**
   * Whether a failure is that of reading a table again, at which the task fails for good: it takes
   * the reading up before it has come to the statement that changed the table's definition.
   */
  public static boolean isOfReading(String reason) {
    return reason.contains(READING_FAILED);
  }

  /** True when the connector and its task run. */
  public boolean isRunning() throws IOException, InterruptedException {
    JsonNode status = send("GET", "/status", null);
    return status.path("connector").path("state").asText().equals("RUNNING")
        && status.path("tasks").path(0).path("state").asText().equals("RUNNING");
  }

  /** The state of its task, or of the connector when it has no task; empty when it has neither. */
  public Optional<String> state() throws IOException, InterruptedException {
    JsonNode status = send("GET", "/status", null);
    return Stream.of(status.path("tasks").path(0), status.path("connector"))
        .map(part -> part.path("state").asText())
        .filter(state -> !state.isEmpty())
        .findFirst();
  }

  /** Why its task has failed; empty when it has not. */
  public Optional<String> failure() throws IOException, InterruptedException {
    JsonNode task = send("GET", "/status", null).path("tasks").path(0);
    return task.path("state").asText().equals("FAILED")
        ? Optional.of(reason(task.path("trace").asText()))
        : Optional.empty();
  }

  /** The id of the order by which it reads tables again now; empty when it reads none. */
  public Optional<String> reading() throws IOException, InterruptedException {
    return Optional.ofNullable(offset().path(READING + "correlation_id").asText(null));
  }

  /**
   * Has it let go of the tables that it reads again, and follow the log from where it is.
   *
   * @throws LakeException when it does not stop in time
   */
  public void dropReading() throws IOException, InterruptedException {
    try {
      stop();
      JsonNode offsets = send("GET", "/offsets", null);
      for (JsonNode each : offsets.path("offsets")) {
        removeAll((ObjectNode) each.path("offset"), READING);
      }
      send("PATCH", "/offsets", offsets);
    } finally {
      send("PUT", "/resume", null);
    }
  }

  private void stop() throws IOException, InterruptedException {
    send("PUT", "/stop", null);
    await("stop", () -> state().isEmpty() || state().get().equals("STOPPED"));
  }

  /** Starts a failed task again. */
  public void restart() throws IOException, InterruptedException {
    send("POST", "/tasks/0/restart", null);
  }

  /**
   * Why it cannot go on where it is in the database's log; empty when it works.
   *
   * @throws LakeException when it has failed for another reason, or does not answer
   */
  public Optional<String> whyStuck() throws InterruptedException {
    try {
      Optional<String> failure = failure();
      if (failure.isPresent() && whyStuck(failure.get()).isEmpty()) {
        throw new LakeException(
            ErrorCode.CAPTURE_FAILED,
            "Change capture does not work: " + failure.get(),
            "Mend it first; `lake up` tells of it and starts it again.");
      }
      return failure.map(reason -> "%s (%s)".formatted(whyStuck(reason).orElseThrow(), reason));
    } catch (IOException e) {
      throw silent(e);
    }
  }

  /** The error of a connector that does not answer. */
  public LakeException silent(IOException cause) {
    return new LakeException(
        ErrorCode.CAPTURE_UNREACHABLE,
        "Change capture does not answer at " + address + ": " + LakeException.rootMessage(cause),
        "Check that Kafka Connect runs, and `source: connector:` in the configuration.",
        cause);
  }

  /**
   * Has it forget its place, read the tables' columns, and follow the log from where it is now.
   * Then it gets its own configuration back.
   *
   * @throws LakeException when it does not do so in time, or does not answer
   */
  public void goOnFromNow() throws InterruptedException {
    try {
      forgetPlace();
    } catch (IOException e) {
      throw silent(e);
    }
  }

  private void forgetPlace() throws IOException, InterruptedException {
    ObjectNode own = own((ObjectNode) send("GET", "/config", null));
    ObjectNode once = own.deepCopy().put(MODE, "configuration_based");
    once.put(OWN_MODE, own.path(MODE).asText());
    once.put(SINCE, String.valueOf(System.currentTimeMillis()));
    once.put(BY_CONFIGURATION + "snapshot.data", "false");
    once.put(BY_CONFIGURATION + "snapshot.schema", "true");
    once.put(BY_CONFIGURATION + "start.stream", "true");
    try {
      stop();
      send("DELETE", "/offsets", null);
      send("PUT", "/config", once);
      send("PUT", "/resume", null);
      await("follow the log", this::isRunning);
      // Its place is written with the next heartbeat.
      await(
          "write down its place",
          () -> {
            JsonNode place = offset();
            return place.isObject() && !place.has("snapshot");
          });
    } finally {
      send("PUT", "/config", own);
      send("PUT", "/resume", null);
    }
    await("follow the log with its own configuration", this::isRunning);
  }

  /** A configuration as it was before {@link #forgetPlace} changed it for a moment. */
  private static ObjectNode own(ObjectNode configuration) {
    ObjectNode own = configuration.deepCopy();
    if (own.has(SINCE)) {
      String mode = own.path(OWN_MODE).asText();
      removeAll(own, BY_CONFIGURATION);
      own.remove(List.of(OWN_MODE, SINCE, MODE));
      if (!mode.isEmpty()) {
        own.put(MODE, mode);
      }
    }
    return own;
  }

  private static void removeAll(ObjectNode object, String prefix) {
    List<String> names = new ArrayList<>();
    object.fieldNames().forEachRemaining(names::add);
    object.remove(names.stream().filter(name -> name.startsWith(prefix)).toList());
  }

  /**
   * Since when it has had another configuration than its own, which a command gives it for a
   * moment; empty when it has its own. Started again with the other, it would leave out what came
   * meanwhile.
   */
  public Optional<Instant> changedSince() throws IOException, InterruptedException {
    return Optional.ofNullable(send("GET", "/config", null).path(SINCE).asText(null))
        .map(millis -> Instant.ofEpochMilli(Long.parseLong(millis)));
  }

  /** Whether it has been stopped, or has another configuration than its own. */
  public boolean isLeftChanged() throws IOException, InterruptedException {
    return state().filter("STOPPED"::equals).isPresent() || changedSince().isPresent();
  }

  /**
   * Has it go on with its own configuration, when a command was killed that had changed or stopped
   * it.
   */
  public void takeUpAgain() throws IOException, InterruptedException {
    send("PUT", "/config", own((ObjectNode) send("GET", "/config", null)));
    send("PUT", "/resume", null);
  }

  private JsonNode offset() throws IOException, InterruptedException {
    return send("GET", "/offsets", null).path("offsets").path(0).path("offset");
  }

  /** Where it is in the database's log, as far as it has written down; empty when it has not. */
  public Optional<LogPlace> place() throws IOException, InterruptedException {
    JsonNode offset = offset();
    return offset.has("file")
        ? Optional.of(new LogPlace(offset.path("file").asText(), offset.path("pos").asLong()))
        : Optional.empty();
  }

  /** Whether it has come to a place in the database's log, as far as it has written down. */
  public boolean hasComeTo(LogPlace place) throws IOException, InterruptedException {
    return place().filter(come -> come.compareTo(place) >= 0).isPresent();
  }

  private void await(String what, Callable<Boolean> done) throws InterruptedException {
    Instant deadline = Instant.now().plus(WITHIN);
    Exception last = null;
    while (Instant.now().isBefore(deadline)) {
      try {
        if (done.call()) {
          return;
        }
      } catch (InterruptedException e) {
        throw e;
      } catch (Exception e) {
        last = e;
      }
      Thread.sleep(500);
    }
    throw new LakeException(
        ErrorCode.CAPTURE_STANDS_STILL,
        "Change capture did not " + what + " within " + WITHIN.toSeconds() + " s.",
        "Look at its log; then go on by `lake sources reread --resume`.",
        last);
  }

  /** The cause in a stack trace that no restart helps against; else the last, which says most. */
  private static String reason(String trace) {
    List<String> lines = trace.lines().toList();
    List<String> causes =
        Stream.concat(
                lines.stream().limit(1), lines.stream().filter(line -> line.startsWith(CAUSED_BY)))
            .map(line -> line.replaceFirst("^" + CAUSED_BY, ""))
            .toList();
    String last = causes.isEmpty() ? "task failed" : causes.get(causes.size() - 1);
    return causes.stream()
        .filter(cause -> whyStuck(cause).isPresent())
        .findFirst()
        .or(
            () ->
                causes.stream()
                    .filter(CaptureConnector::isOfReading)
                    .findFirst()
                    .map(cause -> cause + ": " + last))
        .orElse(last);
  }

  private JsonNode send(String method, String path, JsonNode body)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + path))
            .timeout(Duration.ofSeconds(5))
            .header("Content-Type", "application/json")
            .method(
                method,
                body == null
                    ? HttpRequest.BodyPublishers.noBody()
                    : HttpRequest.BodyPublishers.ofString(body.toString()))
            .build();
    HttpResponse<String> response = HTTP.send(request, HttpResponse.BodyHandlers.ofString());
    if (response.statusCode() >= 400 && !method.equals("GET")) {
      // The answer may repeat the configuration, passwords among it.
      throw new IOException(method + " " + path + " was answered with " + response.statusCode());
    }
    return response.body().isBlank() ? JSON.nullNode() : JSON.readTree(response.body());
  }
}
