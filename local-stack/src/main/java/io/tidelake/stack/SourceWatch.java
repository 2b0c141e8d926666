/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack;

import io.tidelake.error.LakeException;
import io.tidelake.streaming.source.SourceCheck;
import io.tidelake.streaming.source.SourceFinding;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Keeps an eye on the source database beside change capture: refuses to start capture of an unfit
 * one, and says what changes later, each finding once for as long as it lasts. {@code lake sources
 * check} says what to do about it.
 */
final class SourceWatch {

  private final SourceCheck check;
  private final Duration every;
  private final Consumer<String> progress;
  private final Set<String> saidAtStart = new HashSet<>();
  private Set<String> lasting = Set.of();
  private Instant lastLook = Instant.EPOCH;

  /**
   * @param every how long it waits between two looks
   * @param progress is told of findings, a line each
   */
  SourceWatch(SourceCheck check, Duration every, Consumer<String> progress) {
    this.check = check;
    this.every = every;
    this.progress = progress;
  }

  /**
   * Checks everything before capture starts.
   *
   * @throws LakeException when changes would be lost
   */
  void refuseUnfit() {
    List<SourceFinding> findings = check.run();
    Optional<LakeException> refusal = SourceCheck.refusal(findings);
    if (refusal.isPresent()) {
      throw refusal.get();
    }
    // Capture can be started again and again.
    tell(findings, saidAtStart);
    saidAtStart.addAll(lines(findings));
    lasting = lines(findings);
    lastLook = Instant.now();
  }

  /** Looks once, when it is time. */
  void check() {
    if (lastLook.plus(every).isAfter(Instant.now())) {
      return;
    }
    lastLook = Instant.now();
    try {
      List<SourceFinding> findings = check.runBriefly();
      tell(findings, lasting);
      lasting = lines(findings);
    } catch (LakeException e) {
      // The database is away. That is said where capture fails, or the server is started again.
    }
  }

  private void tell(List<SourceFinding> findings, Set<String> known) {
    for (SourceFinding finding : findings) {
      if (!known.contains(finding.line())) {
        progress.accept("source " + finding.line());
      }
    }
  }

  private static Set<String> lines(List<SourceFinding> findings) {
    return findings.stream().map(SourceFinding::line).collect(Collectors.toSet());
  }
}
