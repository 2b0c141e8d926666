/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.health;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.health.Health.StackState;
import io.tidelake.streaming.capture.LoggedStatements;
import io.tidelake.tables.catalog.LakeCatalog;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * Asks everything that the lake needs how it is. Nothing that does not answer ends the check: it is
 * a problem, and the rest is asked nevertheless. Each question has a bound of half a minute.
 */
public final class HealthCheck {

  private static final int CONNECT_MILLIS = 1_000;
  private static final Duration ANSWERED_WITHIN = Duration.ofSeconds(30);
  private static final Health.Capture NO_CAPTURE = new Health.Capture(null, null, List.of());

  private final LakeConfig config;
  private final Optional<RunningStack> stack;
  private final Duration lateAfter;
  private final Findings findings = new Findings(ANSWERED_WITHIN);

  /**
   * A check; to be used once.
   *
   * @param stack the local stack; empty when it does not run
   * @param lateAfter how old a layer may be before that is a problem
   */
  public HealthCheck(LakeConfig config, Optional<RunningStack> stack, Duration lateAfter) {
    this.config = config;
    this.stack = stack;
    this.lateAfter = lateAfter;
  }

  /** Looks once. */
  public Health run() {
    StackState state =
        stack
            .map(running -> running.ready() ? StackState.up : StackState.starting)
            .orElse(StackState.down);
    List<Health.Server> servers = servers();
    if (state == StackState.starting) {
      // What is not there yet has not failed.
      findings.problem(
          ErrorCode.STACK_STARTING,
          "The local stack is starting.",
          "Look again in a minute; `lake stream start` waits for it.");
      return health(state, servers, List.of(), NO_CAPTURE, List.of(), List.of(), null);
    }
    servers.stream().filter(server -> !server.answers()).forEach(this::isDown);
    List<Health.Job> jobs =
        findings.ask(ErrorCode.FLINK_UNREACHABLE, List.of(), new JobsCheck(config, findings)::run);
    Health.Capture capture = new CaptureCheck(config, findings).run();
    stack.ifPresent(this::tellOfLostChanges);
    TablesCheck lake = new TablesCheck(config, lateAfter, findings);
    List<Health.Layer> layers = new CopyOnWriteArrayList<>();
    List<Health.Table> tables = new CopyOnWriteArrayList<>();
    findings.ask(
        ErrorCode.LAKE_UNREADABLE,
        null,
        () -> {
          try (LakeCatalog catalog = LakeCatalog.open(config)) {
            layers.addAll(lake.layers(catalog));
            tables.addAll(lake.tables(catalog));
          }
          return null;
        });
    Health.Publishing publisher = findings.ask(ErrorCode.PUBLISHER_UNKNOWN, null, lake::publisher);
    return health(state, servers, jobs, capture, layers, tables, publisher);
  }

  private Health health(
      StackState state,
      List<Health.Server> servers,
      List<Health.Job> jobs,
      Health.Capture capture,
      List<Health.Layer> layers,
      List<Health.Table> tables,
      Health.Publishing publisher) {
    return new Health(
        Instant.now(),
        state,
        stack.map(RunningStack::workDir).orElse(null),
        servers,
        jobs,
        capture,
        layers,
        tables,
        publisher,
        findings.problems(),
        findings.notes());
  }

  private List<Health.Server> servers() {
    List<Health.Server> servers = new ArrayList<>();
    stack.ifPresent(
        running ->
            new TreeMap<>(running.ports())
                .forEach(
                    (name, port) -> servers.add(new Health.Server(name, port, answers(port)))));
    return servers;
  }

  private void tellOfLostChanges(RunningStack running) {
    Path log = Path.of(running.workDir(), "logs", "capture.log");
    findings
        .ask(ErrorCode.CAPTURE_LOG_UNREADABLE, List.<String>of(), () -> LoggedStatements.in(log))
        .forEach(
            line ->
                findings.note(
                    ErrorCode.CHANGES_LOST,
                    line,
                    "It is told for as long as %s has it.".formatted(log)));
  }

  private void isDown(Health.Server server) {
    findings.problem(
        ErrorCode.SERVER_DOWN,
        "%s does not answer at 127.0.0.1:%d.".formatted(server.name(), server.port()),
        "The stack starts it again; its log is %s/logs/%s.log."
            .formatted(stack.orElseThrow().workDir(), server.name()));
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }
}
