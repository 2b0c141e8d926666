/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.health;

import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import io.tidelake.health.Health.Problem;
import io.tidelake.process.BackgroundTask;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** What a check finds wrong, and what is worth knowing. */
final class Findings {

  private final Duration bound;
  private final List<Problem> problems = new CopyOnWriteArrayList<>();
  private final List<Problem> notes = new CopyOnWriteArrayList<>();

  /**
   * @param bound how long each question waits for its answer
   */
  Findings(Duration bound) {
    this.bound = bound;
  }

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  List<Problem> notes() {
    return List.copyOf(notes);
  }

  /**
   * The answer, or another when there is none, which is a problem then. It is asked for in a thread
   * of its own: some clients wait for many minutes for a server that hangs.
   */
  <T> T ask(ErrorCode code, T otherwise, Callable<T> question) {
    BackgroundTask<T> answer = BackgroundTask.start(code.name(), question);
    try {
      return answer.get(bound.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof LakeException error) {
        problem(error.code(), error.getMessage(), error.remedy());
      } else {
        problem(code, LakeException.rootMessage(e.getCause()), "");
      }
    } catch (TimeoutException e) {
      answer.cancel(true);
      problem(
          code,
          "There was no answer within " + bound.toSeconds() + " s.",
          "Look whether a server hangs.");
    } catch (InterruptedException e) {
      answer.cancel(true);
      Thread.currentThread().interrupt();
    }
    return otherwise;
  }

  /** Something is wrong; said once. */
  void problem(ErrorCode code, String message, String whatToDo) {
    problem(code.name(), message, whatToDo);
  }

  /** The same, with the code of somebody else: another check, or another process. */
  void problem(String code, String message, String whatToDo) {
    Problem problem = new Problem(code, message, whatToDo == null ? "" : whatToDo);
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }

  void note(ErrorCode code, String message, String whatToDo) {
    note(code.name(), message, whatToDo);
  }

  void note(String code, String message, String whatToDo) {
    notes.add(new Problem(code, message, whatToDo));
  }

  static Duration age(Instant time) {
    return Duration.between(time, Instant.now());
  }
}
