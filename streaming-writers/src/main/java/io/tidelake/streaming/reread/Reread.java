package io.tidelake.streaming.reread;

import io.tidelake.config.LakeConfig;
import io.tidelake.config.LakeHome;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.capture.CaptureConnector;
import io.tidelake.streaming.capture.LogPlace;
import io.tidelake.streaming.deadletter.DeadLetters;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.pipeline.LineageReader;
import io.tidelake.streaming.source.SourceCheck;
import io.tidelake.streaming.source.SourceDatabase;
import io.tidelake.streaming.source.SourceFile;
import io.tidelake.streaming.source.SourceFiles;
import io.tidelake.streaming.source.SourceTopics;
import io.tidelake.tables.catalog.LakeCatalog;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.TableEnvironment;

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

  /** More than the minute after which a quiet log shows a sign of life. */
  private static final Duration SILENT_FOR = Duration.ofMinutes(2);

  /** Within which change capture writes down what it reads, and what it reads no more. */
  private static final Duration WRITTEN_DOWN_WITHIN = Duration.ofSeconds(10);

  private static final Duration LOOK_EVERY = Duration.ofMillis(500);
  private static final Duration TELL_EVERY = Duration.ofSeconds(5);

  private final LakeHome home;
  private final LakeConfig config;
  private final LakeCatalog catalog;
  private final Duration patience;
  private final Consumer<String> progress;
  private final List<SourceFile> captured;
  private final CaptureConnector connector;
  private final RereadLog log;
  private final SourceTopics topics;
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
    if (config.source().connector() == null) {
      throw new LakeException(
          RereadLog.NOT_CONFIGURED,
          "The configuration has no `source: connector:`, the address of change capture in Kafka Connect.",
          "Write it there, as http://host:8083/connectors/NAME.");
    }
    this.connector = new CaptureConnector(config.source().connector());
    this.log = RereadLog.of(config, captured);
    this.topics = new SourceTopics(captured.get(0).kafka(), KAFKA_WITHIN);
  }

  /**
   * A run that is not over.
   *
   * @param what it is and how far, for people
   * @param whatToDo when no command waits for it
   * @param changesMissing whether changes of all tables are missing until it is over
   */
  public record Unfinished(String what, String whatToDo, boolean changesMissing) {}

  /**
   * The run that is not over; empty when there is none, or change capture is not configured for it.
   *
   * @throws LakeException when Kafka does not answer
   */
  public static Optional<Unfinished> unfinished(LakeConfig config, List<SourceFile> captured) {
    try (RereadLog log = RereadLog.of(config, captured)) {
      log.refresh();
      return log.open()
          .map(
              state ->
                  new Unfinished(
                      running(state.run()).getMessage()
                          + (state.isToldToStop() ? " It was told to stop." : "")
                          + (state.progress().isEmpty()
                              ? ""
                              : " It has come to " + state.progress() + "."),
                      remedy(state.run()),
                      state.run().stuck() != null));
    } catch (LakeException e) {
      if (e.code().equals(RereadLog.NOT_CONFIGURED)) {
        return Optional.empty();
      }
      throw e;
    }
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
              throw running(open.run());
            });
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
    }
    Optional<String> stuck = whyStuck(names, where);
    RereadState state = log.announce(RereadRun.announced(where, stuck.orElse(null), wanted));
    RereadRun first = log.open().orElseThrow().run();
    if (!first.id().equals(state.run().id())) {
      log.close(state.run());
      throw running(first);
    }
    begin(state, stuck);
    return finish(state);
  }

  private static LakeException running(RereadRun run) {
    return new LakeException(
        "REREAD_RUNNING",
        "The reading of %s%s is not over."
                .formatted(
                    String.join(", ", run.names()),
                    run.isOrdered() ? " that began at " + time(run) : "")
            + (run.stuck() == null
                ? ""
                : " Changes of all tables are missing until it is, since change capture could not go on: "
                    + run.stuck()
                    + "."),
        remedy(run));
  }

  /** What to type; a run is not given up while changes are missing. */
  private static String remedy(RereadRun run) {
    return "`lake sources reread --resume` goes on"
        + (run.stuck() == null ? ", `lake sources reread --abandon` gives it up." : ".");
  }

  /**
   * Has change capture begin with a run that is announced, unless another command does. It has to
   * be level with the database: what it told of later would come behind the rows that it reads,
   * though it happened before.
   *
   * @param stuck why it cannot go on where it is in the database's log
   */
  private void begin(RereadState state, Optional<String> stuck) throws InterruptedException {
    RereadRun run = state.run();
    if (stuck.isPresent()) {
      progress.accept("Change capture cannot go on: " + stuck.get());
      connector.goOnFromNow();
      progress.accept("Change capture goes on from now");
    }
    letCaptureGoOfEarlierReadings(run);
    try (SourceDatabase source = connect()) {
      awaitLevel(source);
      // First the time, then the places in the topics: what is committed later comes behind them.
      long asOf = source.awaitEndOfSecond();
      Map<String, Map<Integer, Long>> from = new HashMap<>();
      for (RereadRun.Table table : run.tables()) {
        from.put(table.topic(), topics.ends(table.topic()));
      }
      log.refresh();
      if (state.isClosed()) {
        throw abandoned(state);
      }
      if (!state.run().isOrdered()) {
        log.start(run.ordered(asOf, from));
      }
    }
  }

  private SourceDatabase connect() throws InterruptedException {
    AtomicReference<SourceDatabase> source = new AtomicReference<>();
    await(
        "the source database to answer",
        patience,
        () -> {
          try {
            source.set(SourceDatabase.connect(config));
          } catch (LakeException e) {
            if (!e.code().equals(SourceDatabase.UNREACHABLE)) {
              throw e;
            }
          }
          return source.get() != null;
        },
        () -> "");
    return source.get();
  }

  private void awaitLevel(SourceDatabase source) throws InterruptedException {
    Optional<LogPlace> place = source.logPlace();
    if (place.isPresent()) {
      await(
          "change capture to come to %s in the database's log".formatted(place.get()),
          patience,
          () -> asked(false, () -> connector.hasComeTo(place.get())),
          () ->
              asked(
                  "",
                  () ->
                      "it is at " + connector.place().map(LogPlace::toString).orElse("no place")));
    }
  }

  /** An order that comes while it still reads by an earlier one would be mixed with that. */
  private void letCaptureGoOfEarlierReadings(RereadRun run) throws InterruptedException {
    Instant deadline = Instant.now().plus(WRITTEN_DOWN_WITHIN);
    Optional<String> earlier = readingOtherThan(run);
    while (earlier.isPresent() && Instant.now().isBefore(deadline)) {
      Thread.sleep(LOOK_EVERY.toMillis());
      earlier = readingOtherThan(run);
    }
    if (earlier.isPresent()) {
      progress.accept(
          "Change capture still reads by the order %s; it lets go of that"
              .formatted(earlier.get()));
      dropReading();
    }
  }

  private Optional<String> readingOtherThan(RereadRun run) {
    return asked(Optional.<String>empty(), connector::reading).filter(id -> !id.equals(run.id()));
  }

  private void dropReading() throws InterruptedException {
    try {
      connector.dropReading();
    } catch (IOException e) {
      throw connector.silent(e);
    }
  }

  private static <T> T asked(T otherwise, Callable<T> question) {
    try {
      return question.call();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return otherwise;
    } catch (Exception e) {
      // It ends and starts: nothing is known now.
      return otherwise;
    }
  }

  /**
   * Why change capture cannot go on where it is in the database's log, or reads it wrongly; empty
   * when it works.
   *
   * @throws LakeException when it does not work otherwise, or not all captured tables are about to
   *     be read: having it go on from now leaves changes of all of them out
   */
  private Optional<String> whyStuck(List<String> names, String where) throws InterruptedException {
    Optional<String> why = connector.whyStuck().or(this::misreadTables);
    why.ifPresent(stuck -> requireAll(names, where, stuck));
    return why;
  }

  private void requireAll(List<String> names, String where, String stuck) {
    if (where != null || !names.containsAll(tables())) {
      throw new LakeException(
          "CAPTURE_STUCK",
          "Change capture cannot go on, and changes of all tables are missing: " + stuck,
          "`lake sources reread --all` has it go on from now and reads all tables again.");
    }
  }

  private Optional<String> misreadTables() {
    return config.source().database() == null
        ? Optional.empty()
        : new SourceCheck(home, config, captured)
            .misreadColumns().stream()
                .map(finding -> finding.table() + ": " + finding.message())
                .reduce((one, other) -> one + "; " + other);
  }

  /**
   * Goes on with the run that is not over.
   *
   * @throws LakeException when there is none, or nothing moves
   */
  public RereadResult resume() throws InterruptedException {
    RereadState state = open();
    takeUpCapture();
    RereadRun run = state.run();
    Optional<String> stuck =
        run.isOrdered() ? stuckSince(state) : whyStuck(run.names(), run.where());
    if (stuck.isPresent() && (run.isOrdered() || run.stuck() == null)) {
      state = log.announceAfter(run, run.stuckBecause(stuck.get()));
    }
    if (!state.run().isOrdered()) {
      begin(state, stuck);
    } else if (!state.isStarted()) {
      // Capture may have been killed between taking the order and following it.
      log.start(run);
    }
    if (state.isToldToStop() && !state.isRead()) {
      log.goOn(state.run());
      startCaptureAgain();
    }
    return finish(state);
  }

  /** Why change capture cannot go on with a run that has begun; empty when it can, or has read. */
  private Optional<String> stuckSince(RereadState state) {
    if (state.isRead()) {
      return Optional.empty();
    }
    Optional<String> why =
        asked(Optional.<String>empty(), connector::failure)
            .filter(failure -> CaptureConnector.whyStuck(failure).isPresent());
    why.ifPresent(stuck -> requireAll(state.run().names(), state.run().where(), stuck));
    return why;
  }

  /**
   * Change capture that is started again goes on reading behind the rows that it has sent. When it
   * does not answer, it is about to start anyway.
   */
  private void startCaptureAgain() {
    asked(
        null,
        () -> {
          connector.restart();
          return null;
        });
  }

  /** A command that was killed may have left it stopped, or with another configuration. */
  private void takeUpCapture() {
    asked(
        null,
        () -> {
          if (connector.isLeftChanged()) {
            progress.accept("Change capture was left stopped or changed; it goes on as it was");
            connector.takeUpAgain();
          }
          return null;
        });
  }

  /**
   * Has change capture stop reading, until {@link #resume}. A restart of capture goes on, too.
   *
   * @throws LakeException when there is none, or change capture does not answer
   */
  public Stopped stop() throws InterruptedException {
    RereadState state = open();
    await(
        "the command that reads %s to begin".formatted(String.join(", ", state.run().names())),
        TAKEN_UP_WITHIN,
        () -> state.run().isOrdered() || state.isClosed(),
        () -> "");
    if (!state.isAtRest()) {
      log.pause(state.run());
      await(
          "change capture to stop reading", TAKEN_UP_WITHIN, state::isAtRest, () -> answers(state));
    }
    return new Stopped(state.run().names(), state.isRead());
  }

  /**
   * A run that was stopped.
   *
   * @param tables that it reads
   * @param read whether all their rows had been read already
   */
  public record Stopped(List<String> tables, boolean read) {}

  /**
   * Gives up the run that is not over: what was read stays, deletions are not looked for.
   *
   * @return the tables of the run
   * @throws LakeException when there is none, changes are missing until it is over, or change
   *     capture does not answer
   */
  public List<String> abandon() throws InterruptedException {
    RereadState state = open();
    if (state.run().stuck() != null) {
      throw running(state.run());
    }
    takeUpCapture();
    // First: nobody begins anew with what capture lets go of.
    log.close(state.run());
    if (state.run().isOrdered() && !state.isRead()) {
      dropReading();
    }
    return state.run().names();
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

  private RereadResult finish(RereadState begun) throws InterruptedException {
    RereadState state = begun;
    List<RereadResult.Table> results = new ArrayList<>();
    for (int beginnings = 1; ; beginnings++) {
      awaitRead(state);
      RereadRun run = state.run();
      results.addAll(settle(run, state.readTables()));
      Set<String> failed = state.failedTables().keySet();
      if (!state.isInterrupted() || beginnings == MOST_BEGINNINGS) {
        break;
      }
      progress.accept(
          "The source database did not answer while change capture read; %s begins anew"
              .formatted(String.join(", ", failed)));
      state = log.announceAfter(run, run.of(failed));
      await(
          "change capture to work again",
          patience,
          () -> asked(false, connector::isRunning),
          () -> "");
      begin(state, Optional.empty());
    }
    log.close(state.run());
    refuseFailedScans(state);
    RereadRun run = begun.run();
    return new RereadResult(
        run.id(),
        time(run),
        run.where(),
        results,
        Duration.between(began, Instant.now()).toMillis() / 1000.0);
  }

  /** Waits until the lake has what was read, and marks what the source has no more. */
  private List<RereadResult.Table> settle(RereadRun run, List<RereadRun.Table> read)
      throws InterruptedException {
    if (read.isEmpty()) {
      return List.of();
    }
    Map<String, Map<Integer, Long>> ends = new LinkedHashMap<>();
    for (RereadRun.Table table : read) {
      ends.put(table.topic(), topics.ends(table.topic()));
    }
    progress.accept("All rows are read; the stream takes them into the lake");
    List<RereadResult.Table> results = new ArrayList<>();
    // Not kept from before: a session belongs to the thread that opened it.
    TableEnvironment planning = LineageReader.session(home, config);
    DeletionPass pass = new DeletionPass(home, config, catalog, new Configuration());
    DeadLetters letters = new DeadLetters(catalog);
    for (RereadRun.Table table : read) {
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
      long lettersLeft = 0;
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
        lettersLeft = letters.dropUpTo(table.topic(), DeletionPass.version(run), deleted.keySet());
      }
      results.add(
          new RereadResult.Table(
              table.name(), events.rows(), events.unreadable(), lettersLeft, deleted));
    }
    return results;
  }

  private void awaitRead(RereadState state) throws InterruptedException {
    await(
        "change capture to take up the order",
        TAKEN_UP_WITHIN,
        () -> state.isStarted() || state.isClosed(),
        () -> answers(state));
    String what = "change capture to read " + String.join(", ", state.run().names());
    for (int beginnings = 0; !state.isAtRest(); beginnings++) {
      if (beginnings == MOST_BEGINNINGS) {
        throw standsStill("Change capture has let go of the reading " + beginnings + " times.");
      }
      if (beginnings > 0) {
        progress.accept("Change capture has let go of the reading; it begins anew");
        log.start(state.run());
      }
      DroppedReading dropped = new DroppedReading(connector, state.run());
      StandingReading standing = new StandingReading(state, SILENT_FOR);
      await(
          what,
          patience,
          () -> {
            if (standing.isSo(Instant.now())) {
              progress.accept("Change capture has said nothing for a while; it is started again");
              startCaptureAgain();
            }
            return state.isAtRest() || dropped.isSo();
          },
          state::progress);
    }
    if (!state.isRead() && !state.isClosed()) {
      throw new LakeException(
          "REREAD_STOPPED",
          "The reading was stopped, " + state.progress() + ".",
          remedy(state.run()));
    }
    if (state.isClosed()) {
      throw abandoned(state);
    }
  }

  private static String answers(RereadState state) {
    return "answers so far: " + state.heard();
  }

  private static LakeException abandoned(RereadState state) {
    return new LakeException(
        "REREAD_ABANDONED",
        "The reading of " + String.join(", ", state.run().names()) + " was given up.",
        "What was read stays. `lake sources reread TABLE` begins anew.");
  }

  private static void refuseFailedScans(RereadState state) {
    Map<String, String> failed = state.failedTables();
    if (!failed.isEmpty()) {
      throw new LakeException(
          "REREAD_FAILED",
          "Change capture could not read %s. All else of the reading is done."
              .formatted(
                  failed.entrySet().stream()
                      .map(table -> table.getKey() + ": " + table.getValue())
                      .collect(Collectors.joining(", "))),
          failed.containsValue(RereadState.NOT_ANSWERED)
              ? "The source database does not answer; look at its log. Then begin anew."
              : "A table needs a primary key and a place in the connector's table.include.list."
                  + " Then begin anew.");
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
            read.putAll(topics.committed(source));
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

  /** Waits as long as something moves. */
  private void await(String what, Duration within, BooleanSupplier done, Supplier<String> moving)
      throws InterruptedException {
    Instant deadline = Instant.now().plus(within);
    Instant told = Instant.now();
    String before = "";
    log.refresh();
    while (!done.getAsBoolean()) {
      String now = moving.get();
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
    topics.close();
  }
}
