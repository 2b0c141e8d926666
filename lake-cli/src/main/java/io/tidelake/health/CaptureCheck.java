package io.tidelake.health;

import io.tidelake.streaming.capture.CaptureConnector;
import io.tidelake.streaming.source.SourceCheck;
import io.tidelake.streaming.source.SourceFile;
import io.tidelake.streaming.source.SourceFiles;
import io.tidelake.streaming.source.SourceFinding;
import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeHome;
import java.util.List;
import java.util.Set;

/** Asks the source database, change capture and Kafka how they are. */
final class CaptureCheck {

  /** What somebody, or a command that was killed in between, has told a connector to be. */
  private static final Set<String> PUT_TO_REST = Set.of("PAUSED", "STOPPED");

  private final LakeHome home;
  private final LakeConfig config;
  private final Findings findings;

  CaptureCheck(LakeHome home, LakeConfig config, Findings findings) {
    this.home = home;
    this.config = config;
    this.findings = findings;
  }

  /** Change capture and its topics; what is wrong at the source is among the findings. */
  Health.Capture run() {
    List<SourceFile> files =
        findings.ask("SOURCE_FILE_INVALID", null, () -> SourceFiles.read(home, config));
    String connector = null;
    String failure = null;
    String address = config.source().connector();
    if (address != null && !address.isEmpty()) {
      CaptureConnector capture = new CaptureConnector(address);
      connector =
          findings.ask(
              "CAPTURE_UNREACHABLE", "UNREACHABLE", () -> capture.state().orElse("STARTING"));
      failure = findings.ask("CAPTURE_UNREACHABLE", null, () -> capture.failure().orElse(null));
      if (failure != null) {
        findings.problem(
            "CAPTURE_FAILED",
            "Change capture has failed: " + failure,
            CaptureConnector.whyStuck(failure).isPresent()
                ? "Read all tables again: lake sources reread --all"
                : "`lake up` starts it again until it works; elsewhere, restart the connector %s."
                    .formatted(address));
      } else if (PUT_TO_REST.contains(connector)) {
        findings.problem(
            "CAPTURE_" + connector,
            "Change capture is " + connector + ": nothing of the source arrives.",
            "When no `lake sources reread` runs: curl -X PUT " + address + "/resume");
      }
    }
    List<Health.Topic> topics =
        findings.ask(
            "KAFKA_UNREACHABLE",
            List.of(),
            () ->
                files == null
                    ? List.<Health.Topic>of()
                    : SourceTopics.read(config.source().bootstrapServers(), files));
    topics.stream()
        .filter(topic -> topic.backlog() == null)
        .forEach(
            topic ->
                findings.problem(
                    "TOPIC_MISSING",
                    "There is no topic %s of the source table %s."
                        .formatted(topic.topic(), topic.table()),
                    "Change capture makes it when it starts; `lake sources check` looks at the source."));
    if (files != null && config.source().database() != null) {
      findings.ask(
          "SOURCE_UNREACHABLE",
          null,
          () -> {
            tell(new SourceCheck(home, config, files).run());
            return null;
          });
    }
    return new Health.Capture(connector, failure, topics);
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
