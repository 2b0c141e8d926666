/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.doctor;

import io.tidelake.error.LakeException;
import io.tidelake.secret.Secrets;

/**
 * What one check has found.
 *
 * @param area what it is about
 * @param name what was looked at
 * @param level how it is
 * @param found the value that was found
 * @param whatToDo what to do next; empty when there is nothing to do
 */
public record Check(Area area, String name, Level level, String found, String whatToDo) {

  /** What a check is about. */
  public enum Area {
    /** This machine. */
    machine,
    /** Tidelake's own files. */
    installation,
    /** The files of a project. */
    project,
    /** The servers that a project's configuration names, and its local stack. */
    servers
  }

  /** How something is. */
  public enum Level {
    /** As it should be, or not needed now. */
    OK,
    /** Something works less well, or not at all, but the rest does. */
    WARNING,
    /** Commands will fail. */
    PROBLEM
  }

  public Check {
    found = Secrets.mask(found);
    whatToDo = Secrets.mask(whatToDo);
  }

  static Check ok(Area area, String name, String found) {
    return new Check(area, name, Level.OK, found, "");
  }

  static Check warning(Area area, String name, String found, String whatToDo) {
    return new Check(area, name, Level.WARNING, found, whatToDo);
  }

  static Check problem(Area area, String name, String found, String whatToDo) {
    return new Check(area, name, Level.PROBLEM, found, whatToDo);
  }

  /** What an error says. One that nobody has foreseen is named by its class, too. */
  static Check problem(Area area, String name, Throwable error) {
    if (error instanceof LakeException known) {
      return problem(area, name, known.getMessage(), known.remedy());
    }
    return problem(
        area,
        name,
        "%s: %s".formatted(error.getClass().getSimpleName(), LakeException.rootMessage(error)),
        "This check itself has failed; look at the other ones first.");
  }
}
