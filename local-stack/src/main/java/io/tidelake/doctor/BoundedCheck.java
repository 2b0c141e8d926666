/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.doctor;

import io.tidelake.doctor.Check.Area;
import io.tidelake.process.BackgroundTask;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A check in a thread of its own, from which no exception and no wait without an end comes: both
 * are what it has found.
 */
final class BoundedCheck {

  private final Area area;
  private final String name;
  private final String asked;
  private final Duration bound;
  private final long startedAt = System.nanoTime();
  private final BackgroundTask<List<Check>> task;

  private BoundedCheck(
      Area area, String name, String asked, Duration bound, Callable<List<Check>> check) {
    this.area = area;
    this.name = name;
    this.asked = asked;
    this.bound = bound;
    this.task = BackgroundTask.start("doctor " + name, check);
  }

  /**
   * Starts a check.
   *
   * @param name what it is called when it finds nothing itself
   * @param bound how long it may take
   */
  static BoundedCheck start(Area area, String name, Duration bound, Callable<List<Check>> check) {
    return new BoundedCheck(area, name, "", bound, check);
  }

  /**
   * Starts a check that asks somebody.
   *
   * @param asked the address
   */
  static BoundedCheck start(
      Area area, String name, String asked, Duration bound, Callable<List<Check>> check) {
    return new BoundedCheck(area, name, " from " + asked, bound, check);
  }

  /** What it has found, as soon as it is known or its time is over. */
  List<Check> result() {
    long left = bound.toNanos() - (System.nanoTime() - startedAt);
    try {
      return task.get(Math.max(0, left), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      return List.of(Check.problem(area, name, e.getCause()));
    } catch (TimeoutException e) {
      task.cancel(true);
      return List.of(
          Check.problem(
              area,
              name,
              "no answer%s within %d s".formatted(asked, bound.toSeconds()),
              "Look whether a server or a disk hangs, or this machine is too busy."));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      task.cancel(true);
      return List.of(Check.problem(area, name, e));
    }
  }
}
