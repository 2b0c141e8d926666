/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.health;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.streaming.capture.CaptureConnector;
import io.tidelake.streaming.reread.Reread;
import io.tidelake.streaming.source.SourceCheck;
import io.tidelake.streaming.source.SourceFile;
import io.tidelake.streaming.source.SourceFiles;
import io.tidelake.streaming.source.SourceFinding;
import io.tidelake.streaming.source.SourceTopics;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Asks the source database, change capture and Kafka how they are. */
final class CaptureCheck {

  /** What somebody, or a command that was killed in between, has told a connector to be. */
  private static final Map<String, ErrorCode> PUT_TO_REST =
      Map.of("PAUSED", ErrorCode.CAPTURE_PAUSED, "STOPPED", ErrorCode.CAPTURE_STOPPED);

  private static final Duration KAFKA_WITHIN = Duration.ofSeconds(5);

  private final LakeConfig config;
  private final Findings findings;

  CaptureCheck(LakeConfig config, Findings findings) {
    this.config = config;
    this.findings = findings;
  }

  /** Change capture and its topics; what is wrong at the source is among the findings. */
  Health.Capture run() {
    List<SourceFile> files =
        findings.ask(ErrorCode.SOURCE_FILE_INVALID, null, () -> SourceFiles.read(config));
    String connector = null;
    String failure = null;
    String address = config.source().connector();
    if (address != null && !address.isEmpty()) {
      CaptureConnector capture = new CaptureConnector(address);
      connector =
          findings.ask(
              ErrorCode.CAPTURE_UNREACHABLE,
              "UNREACHABLE",
              () -> capture.state().orElse("STARTING"));
      failure =
          findings.ask(ErrorCode.CAPTURE_UNREACHABLE, null, () -> capture.failure().orElse(null));
      if (failure != null) {
        findings.problem(
            ErrorCode.CAPTURE_FAILED,
            "Change capture has failed: " + failure,
            CaptureConnector.whyStuck(failure).isPresent()
                ? "Read all tables again: lake sources reread --all"
                : "`lake up` starts it again until it works; elsewhere, restart the connector %s."
                    .formatted(address));
      } else if (!"UNREACHABLE".equals(connector)
          && findings
              .ask(ErrorCode.CAPTURE_UNREACHABLE, Optional.<Instant>empty(), capture::changedSince)
              .isPresent()) {
        findings.problem(
            ErrorCode.CAPTURE_CHANGED,
            "Change capture has another configuration than its own, which a command gives it for a moment.",
            "When no `lake sources reread` runs: lake sources reread --resume");
      } else if (PUT_TO_REST.containsKey(connector)) {
        findings.problem(
            PUT_TO_REST.get(connector),
            "Change capture is " + connector + ": nothing of the source arrives.",
            "When no `lake sources reread` runs: curl -X PUT " + address + "/resume");
      }
    }
    List<Health.Topic> topics =
        findings.ask(
            ErrorCode.KAFKA_UNREACHABLE,
            List.of(),
            () -> files == null ? List.<Health.Topic>of() : topics(files));
    topics.stream()
        .filter(topic -> topic.backlog() == null)
        .forEach(
            topic ->
                findings.problem(
                    ErrorCode.TOPIC_MISSING,
                    "There is no topic %s of the source table %s."
                        .formatted(topic.topic(), topic.table()),
                    "Change capture makes it when it starts; `lake sources check` looks at the source."));
    if (topics.stream().anyMatch(topic -> topic.backlog() != null)) {
      findings
          .ask(
              ErrorCode.KAFKA_UNREACHABLE,
              Optional.<Reread.Unfinished>empty(),
              () -> Reread.unfinished(config, files))
          .ifPresent(this::tell);
    }
    if (files != null && config.source().database() != null) {
      findings.ask(
          ErrorCode.SOURCE_DATABASE_UNREACHABLE,
          null,
          () -> {
            tell(new SourceCheck(config, files).run());
            return null;
          });
    }
    return new Health.Capture(connector, failure, topics);
  }

  private static List<Health.Topic> topics(List<SourceFile> files) throws IOException {
    if (files.isEmpty()) {
      return List.of();
    }
    Map<String, Object> kafkaProperties = files.get(0).kafka();
    Reachable.require("Kafka", String.valueOf(kafkaProperties.get("bootstrap.servers")));
    try (SourceTopics kafka = new SourceTopics(kafkaProperties, KAFKA_WITHIN)) {
      List<Health.Topic> topics = new ArrayList<>();
      for (SourceFile file : files) {
        boolean there = kafka.exists(file.topic());
        topics.add(
            new Health.Topic(
                file.table(),
                file.topic(),
                there ? kafka.newest(file.topic()).orElse(null) : null,
                there ? kafka.backlog(file) : null));
      }
      return topics;
    }
  }

  private void tell(Reread.Unfinished reading) {
    ErrorCode code = ErrorCode.REREAD_NOT_OVER;
    String whatToDo = "When no command waits for it: " + reading.whatToDo();
    if (reading.changesMissing()) {
      findings.problem(code, reading.what(), whatToDo);
    } else {
      findings.note(code, reading.what(), whatToDo);
    }
  }

  /** What `lake sources check` says, in short. */
  private void tell(List<SourceFinding> found) {
    for (SourceFinding finding : found) {
      String message =
          (finding.table().isEmpty() ? "" : "source table " + finding.table() + ": ")
              + finding.message();
      String code = "SOURCE_" + finding.code();
      String whatToDo = "`lake sources check` says what to do.";
      if (finding.severity() == SourceFinding.Severity.ERROR) {
        findings.problem(code, message, whatToDo);
      } else {
        findings.note(code, message, whatToDo);
      }
    }
  }
}
