/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import io.tidelake.config.LakeConfig;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.streaming.pipeline.Pipeline;
import io.tidelake.streaming.source.SourceFile;
import io.tidelake.streaming.source.SourceFiles;
import io.tidelake.streaming.source.SourceTopics;
import io.tidelake.streaming.state.TopicBeginning;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Finds out whether a job that begins without state would pass over changes: a topic may have lost
 * messages that the job had not read before. A checkpoint knows the place to go on from; without
 * one only the job's consumer group does, and where the job began the last time.
 */
final class SourceGaps {

  private static final Duration WITHIN = Duration.ofSeconds(30);

  private final LakeConfig config;

  SourceGaps(LakeConfig config) {
    this.config = config;
  }

  /**
   * Where a job that begins now begins in the topics that it reads.
   *
   * @throws LakeException when a topic is missing: the job could not run, and nobody would know
   *     later which one it read
   */
  Map<String, TopicBeginning> beginnings(String job) {
    List<SourceFile> sources = sources(job);
    if (sources.isEmpty()) {
      return Map.of();
    }
    try (SourceTopics topics = topics(sources)) {
      return beginnings(sources, topics);
    }
  }

  /**
   * The same for a job that nobody has asked to pass over changes.
   *
   * @param before where it began the last time; empty when that is not known
   * @throws LakeException when a topic is missing or not the one that it read, or has not any more
   *     what comes next
   */
  Map<String, TopicBeginning> beginningsWithoutGap(String job, Map<String, TopicBeginning> before) {
    List<SourceFile> sources = sources(job);
    if (sources.isEmpty()) {
      return Map.of();
    }
    try (SourceTopics topics = topics(sources)) {
      Map<String, TopicBeginning> now = beginnings(sources, topics);
      refuseGaps(job, sources, before, now, topics);
      return now;
    }
  }

  private static SourceTopics topics(List<SourceFile> sources) {
    return new SourceTopics(sources.get(0).kafka(), WITHIN);
  }

  private static Map<String, TopicBeginning> beginnings(
      List<SourceFile> sources, SourceTopics topics) {
    Map<String, TopicBeginning> beginnings = new TreeMap<>();
    for (SourceFile source : sources) {
      String topic = source.topic();
      beginnings.put(topic, new TopicBeginning(topics.id(topic), topics.beginnings(topic)));
    }
    return beginnings;
  }

  private static void refuseGaps(
      String job,
      List<SourceFile> sources,
      Map<String, TopicBeginning> before,
      Map<String, TopicBeginning> now,
      SourceTopics topics) {
    List<String> reasons = new ArrayList<>();
    List<String> tables = new ArrayList<>();
    for (SourceFile source : sources) {
      gap(source, before.get(source.topic()), now.get(source.topic()), topics)
          .ifPresent(
              reason -> {
                reasons.add(source.topic() + " (" + reason + ")");
                tables.add(source.table());
              });
    }
    if (!reasons.isEmpty()) {
      throw new LakeException(
          ErrorCode.SOURCE_PLACE_LOST,
          "The job %s has to begin without state, and a topic has not any more what it may not have read: %s. Changes are missing."
              .formatted(job, String.join("; ", reasons)),
          "Start it with `lake stream start %s --from-nothing`, then run `lake sources reread %s`."
              .formatted(job, String.join(" ", tables)));
    }
  }

  private static Optional<String> gap(
      SourceFile source, TopicBeginning before, TopicBeginning now, SourceTopics topics) {
    if (before != null && !before.id().equals(now.id())) {
      return Optional.of("its id was " + before.id() + " and is " + now.id());
    }
    Map<Integer, Long> committed = topics.committed(source);
    Map<Integer, Long> read = new TreeMap<>(before == null ? Map.of() : before.offsets());
    committed.forEach((partition, offset) -> read.merge(partition, offset, Math::max));
    return read.entrySet().stream()
        .filter(next -> now.offsets().getOrDefault(next.getKey(), 0L) > next.getValue())
        .findFirst()
        .map(
            next ->
                "partition %d was read %s %d%s, and begins at %d"
                    .formatted(
                        next.getKey(),
                        committed.containsKey(next.getKey()) ? "up to" : "from",
                        next.getValue(),
                        committed.containsKey(next.getKey()) ? "" : ", nobody knows how far",
                        now.offsets().get(next.getKey())));
  }

  private List<SourceFile> sources(String job) {
    List<Pipeline> pipelines =
        config.job(job).pipelines().stream().map(name -> Pipeline.read(config, name)).toList();
    return pipelines.isEmpty()
        ? List.of()
        : SourceFiles.read(config).stream()
            .filter(source -> pipelines.stream().anyMatch(p -> p.reads(source.name())))
            .toList();
  }
}
