package io.tidelake.streaming.reread;

import io.tidelake.streaming.FlinkCluster;
import io.tidelake.streaming.LineageReader;
import io.tidelake.streaming.capture.CaptureConnector;
import io.tidelake.streaming.capture.CaptureTopics;
import io.tidelake.streaming.deadletter.DeadLetters;
import io.tidelake.streaming.source.SourceCheck;
import io.tidelake.streaming.source.SourceDatabase;
import io.tidelake.streaming.source.SourceFile;
import io.tidelake.streaming.source.SourceFiles;
import io.tidelake.tables.LakeCatalog;
import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeException;
import io.tidelake.tables.LakeHome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.TableEnvironment;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads tables of the source again beside the running stream. Change capture reads them in chunks
 * between the changes (Debezium's incremental snapshot), so the rows come through the same topics
 * and are ordered by the log like any change. Then the rows that the lake has, and the source has
 * not, are marked as deleted.
 *
 * <p>What is going on lies in Kafka alone: a run goes on when this command has ended, and any
 * command can take it up again. There is one run at a time.
 */
public final class Reread implements AutoCloseable {

  private static final Duration KAFKA_WITHIN = Duration.ofSeconds(30);
  private static final Duration TAKEN_UP_WITHIN = Duration.ofSeconds(90);
  private static final int MOST_BEGINNINGS = 10;
  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration TELL_EVERY = Duration.ofSeconds(5);

  private final LakeHome home;
  private final LakeConfig config;
  private final LakeCatalog catalog;
  private final Duration patience;
  private final Consumer<String> progress;
  private final List<SourceFile> captured;
  private final String database;
  private final RereadLog log;
  private final Admin admin;
  private final Instant began = Instant.now();

  /**
   * @param patience how long to wait while nothing moves
   * @param progress is told what is going on, a line each
   * @throws LakeException when change capture is not configured for it
   */
  public Reread(
      LakeHome home,
      LakeConfig config,
      LakeCatalog catalog,
      Duration patience,
      Consumer<String> progress) {
    this.home = home;
    this.config = config;
    this.catalog = catalog;
    this.patience = patience;
    this.progress = progress;
    this.captured = SourceFiles.read(home, config);
    if (captured.isEmpty()) {
      throw new LakeException(
          "NO_SOURCE_TABLES",
          "No file of the project describes a source table.",
          "Write one in streaming-writers/sources.");
    }
    // Debezium names topics <prefix>.<database>.<table>.
    String topicPrefix = config.source().topicPrefix();
    this.database = topicPrefix.substring(topicPrefix.lastIndexOf('.') + 1);
    Map<String, Object> kafka = captured.get(0).kafka();
    this.log = new RereadLog(CaptureTopics.of(config.source()), database, kafka);
    this.admin = Admin.create(kafka);
  }

  /** The tables of the source that can be read again. */
  public List<String> tables() {
    return captured.stream().map(SourceFile::table).distinct().sorted().toList();
  }

  /**
   * Reads tables again and waits until the lake is level with the source.
   *
   * @param names tables of the source
   * @param where which rows, as SQL of the source; then deletions are not looked for. NULL for all
   * @throws LakeException when a table is not captured, another run is not over, or nothing moves
   */
  public RereadResult run(List<String> names, String where) throws InterruptedException {
    List<SourceFile> wanted = names.stream().map(this::captured).toList();
    log.refresh();
    log.open()
        .ifPresent(
            open -> {
              throw new LakeException(
                  "REREAD_RUNNING",
                  "The reading of %s that began at %s is not over."
                      .formatted(String.join(", ", open.run().names()), time(open.run())),
                  "Go on with it by `lake sources reread --resume`, or give it up by"
                      + " `lake sources reread --abandon`.");
            });
    RereadRun run;
    try (SourceDatabase source = SourceDatabase.connect(config)) {
      for (SourceFile table : wanted) {
        OptionalLong rows = source.aboutRows(table.table());
        progress.accept(
            table.table()
                + " has "
                + (rows.isPresent()
                    ? "about " + rows.getAsLong() + " rows"
                    : "rows of unknown number"));
        if (where != null) {
          source.requireCondition(table.table(), where);
        }
      }
      // Behind all that may refuse the reading: capture that goes on from now has left changes out.
      if (config.source().connector() != null) {
        letCaptureGoOn(where == null && names.containsAll(tables()));
      }
      // First the time, then the places in the topics: what is committed later comes behind them.
      long asOf = source.awaitEndOfSecond();
      List<RereadRun.Table> tables = new ArrayList<>();
      for (SourceFile table : wanted) {
        tables.add(new RereadRun.Table(table.table(), table.topic(), ends(table.topic())));
      }
      run = new RereadRun("reread-" + UUID.randomUUID(), asOf, where, tables);
    }
    log.start(run);
    return finish(run.id());
  }

  /**
   * Refuses to read beside change capture that does not work.
   *
   * @param all whether all captured tables are about to be read again: then capture that cannot go
   *     on where it is in the database's log, or reads it wrongly, goes on from now
   * @throws LakeException when it does not work
   */
  private void letCaptureGoOn(boolean all) throws InterruptedException {
    CaptureConnector capture = new CaptureConnector(config.source().connector());
    String why = capture.whyStuck().orElseGet(this::misreadTables);
    if (why.isEmpty()) {
      return;
    }
    if (!all) {
      throw new LakeException(
          "CAPTURE_STUCK",
          "Change capture cannot go on, and changes of all tables are missing: " + why,
          "`lake sources reread --all` has it go on from now and reads all tables again.");
    }
    progress.accept("Change capture cannot go on: " + why);
    capture.goOnFromNow();
    progress.accept("Change capture goes on from now");
  }

  private String misreadTables() {
    return config.source().database() == null
        ? ""
        : new SourceCheck(home, config, captured)
            .misreadColumns().stream()
                .map(finding -> finding.table() + ": " + finding.message())
                .collect(Collectors.joining("; "));
  }

  /**
   * Goes on with the run that is not over.
   *
   * @throws LakeException when there is none, or nothing moves
   */
  public RereadResult resume() throws InterruptedException {
    RereadState state = open();
    if (!state.isStarted()) {
      // Capture may have been killed between taking the order and following it.
      log.start(state.run());
    }
    if (state.isToldToStop() && !state.isRead()) {
      log.resume(state.run());
    }
    return finish(state.run().id());
  }

  /**
   * Has change capture stop reading, until {@link #resume}. A restart of capture goes on, too.
   *
   * @return the tables of the run
   * @throws LakeException when there is none, or change capture does not answer
   */
  public List<String> stop() throws InterruptedException {
    RereadState state = open();
    if (!state.isAtRest()) {
      log.pause(state.run());
      await("change capture to stop reading", TAKEN_UP_WITHIN, state::isAtRest, state::heard);
    }
    return state.run().names();
  }

  /**
   * Gives up the run that is not over: what was read stays, deletions are not looked for.
   *
   * @return the tables of the run
   * @throws LakeException when there is none
   */
  public List<String> abandon() throws InterruptedException {
    RereadState state = open();
    if (!state.isRead()) {
      dropFailedReading();
      log.stop(state.run());
      // Capture that has stopped reading for now gives up only when it goes on.
      log.resume(state.run());
      try {
        // Else it would give up the next one, too.
        await(
            "change capture to give up reading",
            TAKEN_UP_WITHIN,
            () -> state.isRead() || state.isClosed(),
            () -> "");
      } catch (LakeException e) {
        // Capture may not know of the run any more; nobody could ever begin another one.
        progress.accept(e.getMessage() + " It is taken for given up.");
      }
    }
    log.close(state.run());
    return state.run().names();
  }

  /** Capture that fails at it would hear of nothing. */
  private void dropFailedReading() throws InterruptedException {
    if (config.source().connector() == null) {
      return;
    }
    CaptureConnector capture = new CaptureConnector(config.source().connector());
    try {
      if (capture.failure().filter(CaptureConnector::isOfReading).isPresent()) {
        capture.dropReading();
      }
    } catch (IOException e) {
      progress.accept("Change capture does not answer: " + LakeException.rootMessage(e));
    }
  }

  private RereadState open() {
    log.refresh();
    return log.open()
        .orElseThrow(
            () ->
                new LakeException(
                    "NO_REREAD",
                    "No table is being read again.",
                    "`lake sources reread TABLE` begins."));
  }

  private SourceFile captured(String name) {
    return captured.stream()
        .filter(table -> table.table().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new LakeException(
                    "SOURCE_TABLE_UNKNOWN",
                    "No source file describes a table " + name + ".",
                    "The source tables are " + String.join(", ", tables()) + "."));
  }

  private RereadResult finish(String id) throws InterruptedException {
    log.refresh();
    RereadState state = log.run(id);
    RereadRun run = state.run();
    awaitRead(state);
    refuseFailedScans(state);
    Map<String, Map<Integer, Long>> ends = new LinkedHashMap<>();
    for (RereadRun.Table table : run.tables()) {
      ends.put(table.topic(), ends(table.topic()));
    }
    progress.accept("All rows are read; the stream takes them into the lake");
    List<RereadResult.Table> results = new ArrayList<>();
    // Not kept from before: a session belongs to the thread that opened it.
    TableEnvironment planning = LineageReader.session(home, config);
    DeletionPass pass = new DeletionPass(home, config, catalog, new Configuration());
    for (RereadRun.Table table : run.tables()) {
      Map<Integer, Long> to = ends.get(table.topic());
      List<SourceFile> sources =
          captured.stream().filter(source -> source.topic().equals(table.topic())).toList();
      List<Mirror> mirrors =
          Mirror.find(
              home,
              config,
              catalog,
              planning,
              sources.stream().map(SourceFile::name).collect(Collectors.toSet()));
      awaitArrived(table, to, sources, mirrors);
      DeletionPass.Events events = pass.events(run, table, sources, to);
      Map<String, Long> deleted = new TreeMap<>();
      if (run.where() == null && events.unreadable() == 0) {
        for (Mirror mirror : mirrors) {
          progress.accept(
              "Looking for rows of "
                  + mirror.table().name()
                  + " that "
                  + table.name()
                  + " has no more");
          deleted.put(mirror.table().name(), pass.mark(run, table, sources, to, mirror));
        }
        new DeadLetters(catalog).dropUpTo(table.topic(), DeletionPass.version(run));
      }
      results.add(
          new RereadResult.Table(table.name(), events.rows(), events.unreadable(), deleted));
    }
    log.close(run);
    return new RereadResult(
        run.id(),
        time(run),
        run.where(),
        results,
        Duration.between(began, Instant.now()).toMillis() / 1000.0);
  }

  private void awaitRead(RereadState state) throws InterruptedException {
    await(
        "change capture to take up the order",
        TAKEN_UP_WITHIN,
        () -> state.isStarted() || state.isClosed(),
        state::heard);
    String what = "change capture to read " + String.join(", ", state.run().names());
    for (int beginnings = 0; !state.isAtRest(); beginnings++) {
      if (beginnings == MOST_BEGINNINGS) {
        throw standsStill("Change capture has let go of the reading " + beginnings + " times.");
      }
      if (beginnings > 0) {
        progress.accept("Change capture has let go of the reading; it begins anew");
        log.start(state.run());
      }
      DroppedReading dropped = new DroppedReading(config.source().connector(), state.run());
      await(what, patience, () -> state.isAtRest() || dropped.isSo(), state::progress);
    }
    if (!state.isRead() && !state.isClosed()) {
      throw new LakeException(
          "REREAD_STOPPED",
          "The reading was stopped, " + state.progress() + ".",
          "`lake sources reread --resume` goes on, `lake sources reread --abandon` gives it up.");
    }
    // Change capture may have ended with it before it is written down that it is over.
    if (state.isClosed() || state.isGivenUp()) {
      throw abandoned(state);
    }
  }

  private static LakeException abandoned(RereadState state) {
    return new LakeException(
        "REREAD_ABANDONED",
        "The reading of " + String.join(", ", state.run().names()) + " was given up.",
        "What was read stays. `lake sources reread TABLE` begins anew.");
  }

  private void refuseFailedScans(RereadState state) {
    for (String table : state.run().names()) {
      RereadState.Scan scan = state.scan(table);
      if (scan != null && scan.isStopped()) {
        throw abandoned(state);
      }
      if (scan == null || !scan.succeeded()) {
        log.close(state.run());
        throw new LakeException(
            "REREAD_FAILED",
            "Change capture could not read %s: %s."
                .formatted(table, scan == null ? "it is not captured" : scan.status()),
            "The table needs a primary key and a place in the connector's table.include.list."
                + " Then begin anew.");
      }
    }
  }

  /**
   * Waits until the streaming jobs have committed what a topic had. The group tells offsets with a
   * checkpoint; tables get their snapshot with the same one, and have it when the next is complete.
   */
  private void awaitArrived(
      RereadRun.Table table, Map<Integer, Long> to, List<SourceFile> sources, List<Mirror> mirrors)
      throws InterruptedException {
    for (SourceFile source : sources) {
      Map<Integer, Long> read = new TreeMap<>();
      await(
          "the stream to read the topic " + table.topic() + " up to " + to,
          patience,
          () -> {
            read.putAll(committed(source, table.topic()));
            return to.entrySet().stream()
                .allMatch(end -> read.getOrDefault(end.getKey(), 0L) >= end.getValue());
          },
          () -> "read so far: " + read);
    }
    FlinkCluster cluster = new FlinkCluster(config.cluster().restAddress());
    Set<String> jobs = mirrors.stream().map(Mirror::job).collect(Collectors.toSet());
    for (String job : jobs) {
      long before = cluster.checkpoints(cluster.runningJob(job).id()).completed();
      await(
          "the job " + job + " to complete a checkpoint",
          patience,
          () ->
              cluster
                  .findRunningJob(job)
                  .filter(running -> cluster.checkpoints(running.id()).completed() > before)
                  .isPresent(),
          () -> "");
    }
  }

  private Map<Integer, Long> committed(SourceFile source, String topic) {
    Map<Integer, Long> offsets = new TreeMap<>();
    Map<TopicPartition, OffsetAndMetadata> all =
        ask(admin.listConsumerGroupOffsets(source.group()).partitionsToOffsetAndMetadata());
    all.forEach(
        (partition, offset) -> {
          if (partition.topic().equals(topic) && offset != null) {
            offsets.put(partition.partition(), offset.offset());
          }
        });
    return offsets;
  }

  private Map<Integer, Long> ends(String topic) {
    Map<TopicPartition, OffsetSpec> partitions = new LinkedHashMap<>();
    ask(admin.describeTopics(List.of(topic)).allTopicNames())
        .get(topic)
        .partitions()
        .forEach(
            partition ->
                partitions.put(
                    new TopicPartition(topic, partition.partition()), OffsetSpec.latest()));
    Map<Integer, Long> ends = new TreeMap<>();
    ask(admin.listOffsets(partitions).all())
        .forEach((partition, end) -> ends.put(partition.partition(), end.offset()));
    return ends;
  }

  private static <T> T ask(KafkaFuture<T> answer) {
    try {
      return answer.get(KAFKA_WITHIN.toSeconds(), TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new LakeException("INTERRUPTED", "The command was interrupted.", "Run it again.", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new LakeException(
          "KAFKA_SILENT",
          "Kafka did not answer: " + LakeException.rootMessage(e),
          "Look at the brokers; the topics of all captured tables must exist.",
          e);
    }
  }

  /** Waits as long as something moves. */
  private <T> void await(String what, Duration within, BooleanSupplier done, Supplier<T> moving)
      throws InterruptedException {
    Instant deadline = Instant.now().plus(within);
    Instant told = Instant.now();
    String before = "";
    log.refresh();
    while (!done.getAsBoolean()) {
      String now = String.valueOf(moving.get());
      if (!now.equals(before)) {
        before = now;
        deadline = Instant.now().plus(within);
      }
      if (Instant.now().isAfter(deadline)) {
        throw standsStill(
            "Waited %d s for %s; nothing moved. %s"
                .formatted(within.toSeconds(), what, now)
                .strip());
      }
      if (told.plus(TELL_EVERY).isBefore(Instant.now())) {
        told = Instant.now();
        progress.accept(("Waiting for " + what + "; " + now).replaceFirst("; $", ""));
      }
      Thread.sleep(LOOK_EVERY.toMillis());
      log.refresh();
    }
  }

  private static LakeException standsStill(String why) {
    return new LakeException(
        "REREAD_STANDS_STILL",
        why,
        "Look at change capture and at `lake stream list`; then go on by"
            + " `lake sources reread --resume`.");
  }

  private static String time(RereadRun run) {
    return Instant.EPOCH.plus(run.asOfMicros(), ChronoUnit.MICROS).toString();
  }

  @Override
  public void close() {
    log.close();
    admin.close(Duration.ofSeconds(1));
  }
}
