package io.tidelake.health;

import io.tidelake.health.Health.Problem;
import io.tidelake.health.Health.StackState;
import io.tidelake.stack.StackAddresses;
import io.tidelake.streaming.FlinkCluster;
import io.tidelake.streaming.JobFailure;
import io.tidelake.streaming.changelog.ChangeEventDecoder;
import io.tidelake.streaming.deadletter.DeadLetterFilter;
import io.tidelake.streaming.deadletter.DeadLetters;
import io.tidelake.streaming.reread.CaptureConnector;
import io.tidelake.streaming.source.SourceCheck;
import io.tidelake.streaming.source.SourceFiles;
import io.tidelake.streaming.source.SourceFinding;
import io.tidelake.tables.LakeCatalog;
import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeException;
import io.tidelake.tables.LakeHome;
import io.tidelake.tables.OpsTable;
import io.tidelake.tables.publish.PublishedTable;
import io.tidelake.tables.publish.Publisher;
import io.tidelake.tables.publish.PublisherStatus;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.apache.paimon.Snapshot;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.table.source.DataSplit;

/**
 * Asks everything that the lake needs how it is. Nothing that does not answer ends the check: it is
 * a problem, and the rest is asked nevertheless. Each question has a bound of some seconds.
 */
public final class HealthCheck {

  /** The table of the lake clock. */
  private static final String CLOCK = "ops_lake_clock";

  private static final String GROUP = "tidelake";
  private static final int CONNECT_MILLIS = 1_000;
  private static final Duration CHECKPOINT_WITHIN = Duration.ofMinutes(2);
  private static final Duration PUBLISHER_REPORTS_WITHIN = Duration.ofSeconds(30);
  private static final long MANY_WAITING_FILES = 200;

  private final LakeHome home;
  private final LakeConfig config;
  private final Optional<StackAddresses> stack;
  private final Duration lateAfter;
  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> notes = new ArrayList<>();

  /**
   * A check; to be used once.
   *
   * @param stack the local stack; empty when it does not run
   * @param lateAfter how old a layer may be before that is a problem
   */
  public HealthCheck(
      LakeHome home, LakeConfig config, Optional<StackAddresses> stack, Duration lateAfter) {
    this.home = home;
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
    if (state == StackState.starting) {
      note("STACK_STARTING", "The local stack is starting.", "`lake stream start` waits for it.");
    }
    List<Health.Server> servers = servers();
    List<Health.Job> jobs = ask("FLINK_UNREACHABLE", List.of(), this::jobs);
    Health.Capture capture = capture();
    if (config.source().database() != null) {
      ask("SOURCE_UNREACHABLE", null, this::source);
    }
    List<Health.Layer> layers = new ArrayList<>();
    List<Health.Table> tables = new ArrayList<>();
    ask(
        "LAKE_UNREADABLE",
        null,
        () -> {
          try (LakeCatalog catalog = LakeCatalog.open(config)) {
            layers.addAll(layers(catalog));
            tables.addAll(tables(catalog));
          }
          return null;
        });
    Health.Publishing publisher = ask("PUBLISHER_UNKNOWN", null, this::publisher);
    return new Health(
        Instant.now(),
        state,
        stack.map(StackAddresses::workDir).orElse(null),
        servers,
        jobs,
        capture,
        layers,
        tables,
        publisher,
        problems,
        notes);
  }

  private List<Health.Server> servers() {
    List<Health.Server> servers = new ArrayList<>();
    stack.ifPresent(
        running ->
            new TreeMap<>(running.ports())
                .forEach(
                    (name, port) -> servers.add(new Health.Server(name, port, answers(port)))));
    for (Health.Server server : servers) {
      if (!server.answers()) {
        problem(
            "SERVER_DOWN",
            "%s does not answer at 127.0.0.1:%d.".formatted(server.name(), server.port()),
            "The stack starts it again; its log is %s/logs/%s.log."
                .formatted(stack.orElseThrow().workDir(), server.name()));
      }
    }
    return servers;
  }

  private static boolean answers(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), CONNECT_MILLIS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private List<Health.Job> jobs() {
    FlinkCluster cluster = new FlinkCluster(config.cluster().restAddress());
    List<FlinkCluster.JobStatus> all = cluster.jobs();
    List<Health.Job> jobs = new ArrayList<>();
    Set<String> names = new HashSet<>();
    // Of the runs of a job that the cluster remembers, the newest.
    all.stream()
        .sorted(
            Comparator.comparing(FlinkCluster.JobStatus::hasEnded)
                .thenComparing(FlinkCluster.JobStatus::uptimeMillis))
        .filter(job -> names.add(job.name()))
        .forEach(job -> jobs.add(job(cluster, job)));
    for (String name : config.jobs().keySet()) {
      if (names.add(name)) {
        jobs.add(new Health.Job(name, "MISSING", null, 0, null, null, null, null));
        problem(
            "JOB_MISSING",
            "The job %s does not run.".formatted(name),
            "Start it: lake stream start " + name);
      }
    }
    return jobs;
  }

  private Health.Job job(FlinkCluster cluster, FlinkCluster.JobStatus job) {
    Optional<JobFailure> failure = cluster.failures(job.id()).stream().findFirst();
    Duration checkpointAge = cluster.lastCheckpoint(job.id()).map(HealthCheck::age).orElse(null);
    if (job.hasEnded()) {
      if (config.jobs().containsKey(job.name())) {
        problem(
            "JOB_ENDED",
            "The job %s is %s%s"
                .formatted(
                    job.name(), job.state(), failure.map(f -> ": " + f.message()).orElse(".")),
            "Start it: lake stream start " + job.name());
      }
    } else if (!job.state().equals("RUNNING") || cluster.failing(job).isPresent()) {
      problem(
          "JOB_FAILING",
          "The job %s is %s%s"
              .formatted(
                  job.name(),
                  job.state(),
                  failure.map(f -> ", after: " + f.message()).orElse(", and has not failed.")),
          "It is restarted until it works; when the cause is not gone by itself, remove it.");
    } else if (Duration.ofMillis(job.uptimeMillis()).compareTo(CHECKPOINT_WITHIN) > 0
        && (checkpointAge == null || checkpointAge.compareTo(CHECKPOINT_WITHIN) > 0)) {
      problem(
          "JOB_STANDS_STILL",
          "The job %s has completed no checkpoint for %s: nothing that it writes can be seen."
              .formatted(
                  job.name(),
                  checkpointAge == null ? "as long as it runs" : checkpointAge.toSeconds() + " s"),
          "Look at its tasks on http://%s; a backlog that it cannot take needs more slots."
              .formatted(config.cluster().restAddress()));
    }
    return new Health.Job(
        job.name(),
        job.state(),
        job.id(),
        job.uptimeMillis() / 1000,
        job.hasEnded() ? null : cluster.restarts(job.id()),
        failure.map(JobFailure::message).orElse(null),
        failure.map(JobFailure::at).orElse(null),
        checkpointAge == null ? null : checkpointAge.toSeconds());
  }

  private Health.Capture capture() {
    String connector = null;
    String failure = null;
    String address = config.source().connector();
    if (address != null && !address.isEmpty()) {
      CaptureConnector capture = new CaptureConnector(address);
      connector =
          ask("CAPTURE_UNREACHABLE", "UNREACHABLE", () -> capture.state().orElse("STARTING"));
      failure = ask("CAPTURE_UNREACHABLE", null, () -> capture.failure().orElse(null));
      if (failure != null) {
        problem(
            "CAPTURE_FAILED",
            "Change capture has failed: " + failure,
            CaptureConnector.isPlaceLost(failure)
                ? "Read all tables again: lake sources reread --all"
                : "`lake up` starts it again until it works; elsewhere, restart the connector %s."
                    .formatted(address));
      }
    }
    List<Health.Topic> topics =
        ask(
            "KAFKA_UNREACHABLE",
            List.of(),
            () ->
                SourceTopics.read(
                    config.source().bootstrapServers(), GROUP, SourceFiles.read(home, config)));
    topics.stream()
        .filter(topic -> topic.backlog() == null)
        .forEach(
            topic ->
                problem(
                    "TOPIC_MISSING",
                    "There is no topic %s of the source table %s."
                        .formatted(topic.topic(), topic.table()),
                    "Change capture makes it when it starts; `lake sources check` looks at the source."));
    return new Health.Capture(connector, failure, topics);
  }

  /** What `lake sources check` says, in short. */
  private Void source() {
    for (SourceFinding finding :
        new SourceCheck(home, config, SourceFiles.read(home, config)).run()) {
      String message =
          (finding.table().isEmpty() ? "" : "source table " + finding.table() + ": ")
              + finding.message();
      String code = "SOURCE_" + finding.code();
      String whatToDo = "`lake sources check` says what to do.";
      if (finding.severity() == SourceFinding.Severity.ERROR) {
        problem(code, message, whatToDo);
      } else {
        note(code, message, whatToDo);
      }
    }
    return null;
  }

  private List<Health.Layer> layers(LakeCatalog catalog) {
    if (catalog.find(CLOCK).isEmpty()) {
      return List.of();
    }
    List<Health.Layer> layers =
        OpsTable.open(catalog, CLOCK).read(Map.of()).stream()
            .filter(row -> row.get("beat_at") != null)
            .map(
                row ->
                    new Health.Layer(
                        (String) row.get("layer"),
                        (Instant) row.get("lake_clock"),
                        age((Instant) row.get("beat_at")).toMillis() / 1000.0))
            .sorted(Comparator.comparingDouble(Health.Layer::ageSeconds))
            .toList();
    for (Health.Layer layer : layers) {
      if (layer.ageSeconds() * 1000 > lateAfter.toMillis()) {
        problem(
            "LAYER_LATE",
            "The layer %s lacks what the source committed in the last %.0f s."
                .formatted(layer.name(), layer.ageSeconds()),
            "Look at the job that writes it, then at change capture.");
      }
    }
    return layers;
  }

  private List<Health.Table> tables(LakeCatalog catalog) {
    List<String> names = catalog.tableNames();
    if (names.isEmpty()) {
      problem("TABLES_MISSING", "The lake has no tables.", "Create them: lake tables apply");
      return List.of();
    }
    List<DeadLetters.Group> groups =
        names.contains(DeadLetters.TABLE)
            ? new DeadLetters(catalog).groups(DeadLetterFilter.ALL)
            : List.of();
    Map<String, Long> letters =
        groups.stream()
            .collect(
                Collectors.groupingBy(
                    DeadLetters.Group::target, Collectors.summingLong(DeadLetters.Group::count)));
    groups.stream()
        .filter(group -> group.reason().startsWith(ChangeEventDecoder.EMPTIED))
        .forEach(
            group ->
                problem(
                    "TABLE_WRONG",
                    "%s has rows of a table that the source emptied at %s."
                        .formatted(group.target(), group.last()),
                    "Read it again: `lake sources reread` with the name of the source table."));
    List<Health.Table> tables = new ArrayList<>();
    for (String name : names) {
      Health.Table table =
          ask(
              "TABLE_UNREADABLE",
              null,
              () -> table(catalog.table(name), letters.getOrDefault(name, 0L)));
      if (table != null) {
        tables.add(table);
      }
    }
    long all = letters.values().stream().mapToLong(Long::longValue).sum();
    if (all > 0) {
      note(
          "DEAD_LETTERS",
          "%,d records could not be used.".formatted(all),
          "`lake dead-letters list` says which and why.");
    }
    return tables;
  }

  private Health.Table table(FileStoreTable table, long deadLetters) {
    Optional<Snapshot> last = table.latestSnapshot();
    long waiting =
        last.isEmpty()
            ? 0
            : table
                .newSnapshotReader()
                .withLevelFilter(level -> level == 0)
                .read()
                .splits()
                .stream()
                .mapToLong(split -> ((DataSplit) split).dataFiles().size())
                .sum();
    if (waiting > MANY_WAITING_FILES) {
      problem(
          "COMPACTION_BEHIND",
          "%,d files of %s wait for the compaction job.".formatted(waiting, table.name()),
          "Look at the job compaction; readers get slower until it has caught up.");
    }
    return new Health.Table(
        table.name(),
        last.map(Snapshot::id).orElse(0L),
        last.map(snapshot -> Instant.ofEpochMilli(snapshot.timeMillis())).orElse(null),
        waiting,
        deadLetters);
  }

  private Health.Publishing publisher() throws IOException {
    PublisherStatus status = Publisher.status(config);
    if (status.publisher() == null) {
      return null;
    }
    if (age(status.reportedAt()).compareTo(PUBLISHER_REPORTS_WITHIN) > 0) {
      problem(
          "PUBLISHER_SILENT",
          "The publisher %s has not reported for %d s: Trino sees the tables as they were then."
              .formatted(status.publisher(), age(status.reportedAt()).toSeconds()),
          "Start it: lake publish");
    }
    for (PublishedTable table : status.tables()) {
      if (table.code() != null) {
        problem(table.code(), table.table() + ": " + table.message(), table.remedy());
      }
    }
    return new Health.Publishing(
        status.publisher(),
        status.reportedAt(),
        status.tables().size(),
        (int) status.tables().stream().filter(table -> !table.isUpToDate()).count());
  }

  private static Duration age(Instant time) {
    return Duration.between(time, Instant.now());
  }

  /** The answer, or another when there is none, which is a problem then. */
  private <T> T ask(String code, T otherwise, Callable<T> question) {
    try {
      return question.call();
    } catch (LakeException e) {
      problem(e.code(), e.getMessage(), e.remedy());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Exception e) {
      problem(code, LakeException.rootMessage(e), "");
    }
    return otherwise;
  }

  private void problem(String code, String message, String whatToDo) {
    Problem problem = new Problem(code, message, whatToDo == null ? "" : whatToDo);
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }

  private void note(String code, String message, String whatToDo) {
    notes.add(new Problem(code, message, whatToDo));
  }
}
