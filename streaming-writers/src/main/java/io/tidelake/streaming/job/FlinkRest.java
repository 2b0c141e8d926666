/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.net.HostAndPort;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Sends requests to the REST address of a Flink cluster and reads the answers. */
final class FlinkRest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private final String address;
  private final HttpClient http = HttpClient.newBuilder().connectTimeout(TIMEOUT).build();

  /**
   * @param address as {@link #hostAndPort} reads it
   * @throws LakeException when the text is something else
   */
  FlinkRest(String address) {
    this.address = "http://" + hostAndPort(address);
  }

  /**
   * The address of a cluster.
   *
   * @param address {@code host:port}; the host may be an IPv6 address in brackets
   * @throws LakeException when the text is something else
   */
  static HostAndPort hostAndPort(String address) {
    try {
      HostAndPort cluster = HostAndPort.fromString(address);
      if (!cluster.hasPort()) {
        throw new IllegalArgumentException("No port");
      }
      return cluster;
    } catch (IllegalArgumentException e) {
      throw new LakeException(
          ErrorCode.ADDRESS_INVALID, "'" + address + "' is not an address.", "Write host:port.", e);
    }
  }

  /** The address, as {@code http://host:port}. */
  String address() {
    return address;
  }

  /**
   * Asks the cluster.
   *
   * @return the answer; a JSON null when it is empty
   * @throws LakeException when the cluster refuses or does not answer
   */
  JsonNode get(String path) {
    return send("GET", path, "");
  }

  /** Gives the cluster an order; else like {@link #get}. */
  JsonNode post(String path, JsonNode order) {
    return send("POST", path, order.toString());
  }

  /** Changes what is at a path, as the path says; else like {@link #get}. */
  JsonNode patch(String path) {
    return send("PATCH", path, "");
  }

  private JsonNode send(String method, String path, String body) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + path))
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .method(method, HttpRequest.BodyPublishers.ofString(body))
            .build();
    try {
      HttpResponse<String> response = http.send(request, HttpResponse.BodyHandlers.ofString());
      if (response.statusCode() >= 400) {
        throw new LakeException(
            ErrorCode.FLINK_REFUSED,
            "Flink at "
                + address
                + " refused "
                + path
                + ": "
                + response.body().lines().findFirst().orElse(""),
            "`lake stream list` shows the jobs and their ids.");
      }
      return response.body().isBlank() ? JSON.nullNode() : JSON.readTree(response.body());
    } catch (IOException e) {
      throw new LakeException(
          ErrorCode.FLINK_UNREACHABLE,
          "Flink at " + address + " does not answer: " + LakeException.rootMessage(e),
          "Start the local stack with `lake up`, or name your cluster under `cluster:` in lake.yaml.",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LakeException(
          ErrorCode.INTERRUPTED,
          "The request to Flink at " + address + " was interrupted.",
          "Run it again.",
          e);
    }
  }
}
