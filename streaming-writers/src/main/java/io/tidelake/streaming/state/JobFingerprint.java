/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.state;

import io.tidelake.tables.model.Column;
import io.tidelake.tables.model.TableDefinition;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a job is made of, so far as its state depends on it: state of one fingerprint fits no job of
 * another. Texts are kept as hashes, for they may hold secrets.
 *
 * @param parts what each part is, by what people call it
 */
public record JobFingerprint(SortedMap<String, String> parts) {

  /** Table options that say how files are written, kept and merged, and not what a job does. */
  private static final List<String> ONLY_FILES =
      List.of(
          "snapshot.",
          "tag.",
          "changelog.",
          "changelog-file.",
          "manifest.",
          "file.",
          "parquet.",
          "target-file-size",
          "metadata.",
          "num-sorted-run.",
          "compaction.",
          "sort-spill",
          "write-buffer",
          "consumer.",
          "continuous.discovery-interval");

  /** Flink options that say how a job is run, and not what it does. */
  private static final List<String> ONLY_RUNNING =
      List.of(
          "execution.checkpointing.",
          "restart-strategy.",
          "rest.",
          "web.",
          "metrics.",
          "jobmanager.",
          "taskmanager.");

  public JobFingerprint {
    parts = new TreeMap<>(parts);
  }

  /** One without parts. */
  public static JobFingerprint empty() {
    return new JobFingerprint(new TreeMap<>());
  }

  /** With a part whose value may be shown. */
  public JobFingerprint with(String part, String value) {
    SortedMap<String, String> more = new TreeMap<>(parts);
    more.put(part, Objects.requireNonNull(value, part));
    return new JobFingerprint(more);
  }

  /** With a part that only its hash is kept of. */
  public JobFingerprint withText(String part, String text) {
    return with(part, "sha256:" + sha256(text));
  }

  /**
   * With a table.
   *
   * @param id what tells it from a table of the same name that was dropped
   */
  public JobFingerprint withTable(TableDefinition table, String id) {
    StringBuilder text = new StringBuilder(id);
    for (Column column : table.columns()) {
      text.append('\n').append(column.name()).append(' ').append(column.type());
    }
    text.append('\n').append(table.primaryKey()).append(table.partitionKeys());
    new TreeMap<>(table.options())
        .forEach(
            (option, value) -> {
              if (ONLY_FILES.stream().noneMatch(option::startsWith)) {
                text.append('\n').append(option).append('=').append(value);
              }
            });
    return withText("table " + table.name(), text.toString());
  }

  /** With the options of a job. */
  public JobFingerprint withFlink(Map<String, String> options) {
    JobFingerprint all = this;
    for (Map.Entry<String, String> option : options.entrySet()) {
      String name = option.getKey();
      if (name.equals("parallelism.default")) {
        all = all.with(name, option.getValue());
      } else if (ONLY_RUNNING.stream().noneMatch(name::startsWith)) {
        all = all.withText(name, option.getValue());
      }
    }
    return all;
  }

  /**
   * What differs from an earlier one.
   *
   * @return a line for each part; empty when they are equal
   */
  public List<String> changesSince(JobFingerprint earlier) {
    SortedSet<String> names = new TreeSet<>(parts.keySet());
    names.addAll(earlier.parts.keySet());
    List<String> changes = new ArrayList<>();
    for (String name : names) {
      String before = earlier.parts.get(name);
      String now = parts.get(name);
      if (before == null) {
        changes.add(name + " is new");
      } else if (now == null) {
        changes.add(name + " is gone");
      } else if (!now.equals(before)) {
        changes.add(
            now.startsWith("sha256:")
                ? name + " has changed"
                : name + " was " + before + " and is " + now);
      }
    }
    return changes;
  }

  private static String sha256(String text) {
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }
}
