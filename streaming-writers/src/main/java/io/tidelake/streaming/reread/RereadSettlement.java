/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.reread;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.deadletter.DeadLetters;
import io.tidelake.streaming.job.FlinkCluster;
import io.tidelake.streaming.pipeline.LineageReader;
import io.tidelake.streaming.source.SourceFile;
import io.tidelake.streaming.source.SourceTopics;
import io.tidelake.tables.catalog.LakeCatalog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.table.api.TableEnvironment;

/**
 * Settles in the lake what change capture has read: waits until the streaming jobs have written it,
 * marks as deleted what the source has no more, and drops the dead letters that it makes useless.
 */
final class RereadSettlement {

  private final LakeConfig config;
  private final LakeCatalog catalog;
  private final List<SourceFile> captured;
  private final SourceTopics topics;
  private final RereadWait waiting;
  private final Consumer<String> progress;
  private final DeletionPass pass;

  RereadSettlement(
      LakeConfig config,
      LakeCatalog catalog,
      List<SourceFile> captured,
      SourceTopics topics,
      RereadWait waiting,
      Consumer<String> progress) {
    this.config = config;
    this.catalog = catalog;
    this.captured = captured;
    this.topics = topics;
    this.waiting = waiting;
    this.progress = progress;
    this.pass = new DeletionPass(config, catalog, new Configuration());
  }

  /**
   * Waits until the lake has the rows of tables, and marks what the source has no more.
   *
   * @param read tables of the run of which change capture has read all rows
   * @throws LakeException when nothing moves, or deletions cannot be looked for
   */
  List<RereadResult.Table> settle(RereadRun run, List<RereadRun.Table> read)
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
    TableEnvironment planning = LineageReader.session(config);
    DeadLetters letters = new DeadLetters(catalog);
    for (RereadRun.Table table : read) {
      results.add(settle(run, table, ends.get(table.topic()), planning, letters));
    }
    return results;
  }

  private RereadResult.Table settle(
      RereadRun run,
      RereadRun.Table table,
      Map<Integer, Long> to,
      TableEnvironment planning,
      DeadLetters letters)
      throws InterruptedException {
    List<SourceFile> sources =
        captured.stream().filter(source -> source.topic().equals(table.topic())).toList();
    Set<String> names = sources.stream().map(SourceFile::name).collect(Collectors.toSet());
    List<Mirror> mirrors = Mirror.find(config, catalog, planning, names);
    awaitRead(table, to, sources);
    awaitCommitted(mirrors);
    DeletionPass.Events events = pass.events(run, table, sources, to);
    Map<String, Long> deleted = new TreeMap<>();
    long lettersLeft = 0;
    if (run.where() == null && events.unreadable() == 0) {
      for (Mirror mirror : mirrors) {
        String target = mirror.table().name();
        progress.accept("Looking for rows of " + target + " that " + table.name() + " has no more");
        deleted.put(target, pass.mark(run, table, sources, to, mirror));
      }
      lettersLeft = letters.dropUpTo(table.topic(), DeletionPass.version(run), deleted.keySet());
    }
    return new RereadResult.Table(
        table.name(), events.rows(), events.unreadable(), lettersLeft, deleted);
  }

  private void awaitRead(RereadRun.Table table, Map<Integer, Long> to, List<SourceFile> sources)
      throws InterruptedException {
    for (SourceFile source : sources) {
      Map<Integer, Long> read = new TreeMap<>();
      waiting.until(
          "the stream to read the topic " + table.topic() + " up to " + to,
          () -> {
            read.putAll(topics.committed(source));
            return to.entrySet().stream()
                .allMatch(end -> read.getOrDefault(end.getKey(), 0L) >= end.getValue());
          },
          () -> "read so far: " + read);
    }
  }

  /**
   * Waits until the streaming jobs have committed what they have read. The group tells offsets with
   * a checkpoint; tables get their snapshot with the same one, and have it when the next is
   * complete.
   */
  private void awaitCommitted(List<Mirror> mirrors) throws InterruptedException {
    FlinkCluster cluster = new FlinkCluster(config.cluster().restAddress());
    Set<String> jobs = mirrors.stream().map(Mirror::job).collect(Collectors.toSet());
    for (String job : jobs) {
      long before = cluster.checkpoints(cluster.runningJob(job).id()).completed();
      waiting.until(
          "the job " + job + " to complete a checkpoint",
          () ->
              cluster
                  .findRunningJob(job)
                  .filter(running -> cluster.checkpoints(running.id()).completed() > before)
                  .isPresent());
    }
  }
}
