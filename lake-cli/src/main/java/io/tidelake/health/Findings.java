package io.tidelake.health;

import io.tidelake.health.Health.Problem;
import io.tidelake.tables.LakeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

/** What a check finds wrong, and what is worth knowing. */
final class Findings {

  private final List<Problem> problems = new ArrayList<>();
  private final List<Problem> notes = new ArrayList<>();

  List<Problem> problems() {
    return List.copyOf(problems);
  }

  List<Problem> notes() {
    return List.copyOf(notes);
  }

  /** The answer, or another when there is none, which is a problem then. */
  <T> T ask(String code, T otherwise, Callable<T> question) {
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

  /** Something is wrong; said once. */
  void problem(String code, String message, String whatToDo) {
    Problem problem = new Problem(code, message, whatToDo == null ? "" : whatToDo);
    if (!problems.contains(problem)) {
      problems.add(problem);
    }
  }

  void note(String code, String message, String whatToDo) {
    notes.add(new Problem(code, message, whatToDo));
  }

  static Duration age(Instant time) {
    return Duration.between(time, Instant.now());
  }
}
