/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.schedule;

import io.tidelake.config.LakeConfig;
import io.tidelake.config.ScheduleConfig;
import io.tidelake.config.ScheduleConfig.CatchUp;
import io.tidelake.error.ErrorCode;
import io.tidelake.error.LakeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** A command that is run at the times of a cron expression, in the business time zone. */
public final class Schedule {

  /** Names become names of folders. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*");

  private final String name;
  private final CronExpression cron;
  private final CommandTemplate command;
  private final int retries;
  private final Duration retryAfter;
  private final Duration timeout;
  private final CatchUp catchUp;

  private Schedule(
      String name,
      CronExpression cron,
      CommandTemplate command,
      int retries,
      Duration retryAfter,
      Duration timeout,
      CatchUp catchUp) {
    this.name = name;
    this.cron = cron;
    this.command = command;
    this.retries = retries;
    this.retryAfter = retryAfter;
    this.timeout = timeout;
    this.catchUp = catchUp;
  }

  /**
   * The schedules of a configuration, in its order.
   *
   * @throws LakeException when one of them cannot be understood; names it
   */
  public static List<Schedule> of(LakeConfig config) {
    return config.schedules().entrySet().stream()
        .map(entry -> of(entry, config.timeZone()))
        .toList();
  }

  private static Schedule of(Map.Entry<String, ScheduleConfig> entry, ZoneId zone) {
    String name = entry.getKey();
    ScheduleConfig written = entry.getValue();
    try {
      require(NAME.matcher(name).matches(), "its name has other characters than A-Z a-z 0-9 _ -");
      require(written != null && !written.cron().isBlank(), "it has no cron expression");
      CronExpression cron = CronExpression.parse(written.cron(), zone);
      require(
          cron.after(Instant.EPOCH).isPresent(),
          "its cron expression '" + written.cron() + "' names no day of any year");
      return new Schedule(
          name,
          cron,
          CommandTemplate.parse(written.command(), zone),
          written.retries(),
          written.retryAfter(),
          written.timeout(),
          written.catchUp());
    } catch (IllegalArgumentException e) {
      throw invalid(name, e.getMessage(), e);
    }
  }

  /**
   * The error of a schedule that cannot be run.
   *
   * @param reason what is wrong, with the values
   * @param cause may be NULL
   */
  public static LakeException invalid(String name, String reason, Exception cause) {
    return new LakeException(
        ErrorCode.SCHEDULE_INVALID,
        "The schedule " + name + " cannot be run: " + reason,
        "Mend it under `schedules:` of the configuration; the comment there says what it can have.",
        cause);
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(otherwise);
    }
  }

  /** Its name under {@code schedules} of the configuration. */
  public String name() {
    return name;
  }

  /** Its cron expression, with the time zone behind it unless that is UTC. */
  public String cron() {
    return cron.text();
  }

  /** Its cron expression as an English phrase. */
  public String inWords() {
    return cron.inWords();
  }

  /** What happens with times at which no scheduler ran. */
  CatchUp catchUp() {
    return catchUp;
  }

  /** How long an attempt may take. */
  Duration timeout() {
    return timeout;
  }

  /** How often it is tried before it has failed. */
  int attempts() {
    return 1 + retries;
  }

  /** The first scheduled time after another; empty when there is none any more. */
  public Optional<Instant> nextAfter(Instant time) {
    return cron.after(time);
  }

  /** When a run that failed is repeated. */
  public Instant retryOf(ScheduleRun failed) {
    return failed.finishedAt().plus(retryAfter);
  }

  /** See {@link CronExpression#oldestOfNewest}. */
  Optional<Instant> oldestOfNewest(Instant after, Instant until, int most) {
    return cron.oldestOfNewest(after, until, most);
  }

  /** The command line of a scheduled time. */
  public String commandAt(Instant fireTime) {
    return command.at(fireTime);
  }

  /** The words of the command line of a scheduled time, without quotes. */
  public List<String> wordsAt(Instant fireTime) {
    return command.wordsAt(fireTime);
  }
}
