/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.schedule;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A command line with parameters that depend on the scheduled time. Words are separated by blanks;
 * single or double quotes hold words together.
 */
final class CommandTemplate {

  private static final Pattern PARAMETER = Pattern.compile("\\$\\{([^}]*)}");
  private static final Pattern WORD = Pattern.compile("(?:[^\\s'\"]|'[^']*'|\"[^\"]*\")+");
  private static final Pattern PART = Pattern.compile("'([^']*)'|\"([^\"]*)\"|([^'\"]+)");

  private final String text;
  private final ZoneId zone;

  private CommandTemplate(String text, ZoneId zone) {
    this.text = text;
    this.zone = zone;
  }

  /**
   * Reads a command line.
   *
   * @param zone the time zone of its days
   * @throws IllegalArgumentException when it is empty, has an unknown parameter or an open quote
   */
  static CommandTemplate parse(String text, ZoneId zone) {
    if (text.isBlank()) {
      throw new IllegalArgumentException("it has no command");
    }
    Map<String, String> known = parameters(Instant.EPOCH, zone);
    PARAMETER
        .matcher(text)
        .results()
        .map(match -> match.group(1))
        .filter(name -> !known.containsKey(name))
        .findFirst()
        .ifPresent(
            name -> {
              throw new IllegalArgumentException(
                  "its command has the unknown parameter ${"
                      + name
                      + "}; there are "
                      + known.keySet());
            });
    String rest = WORD.matcher(text).replaceAll("");
    if (!rest.isBlank()) {
      throw new IllegalArgumentException("its command has a quote that is not closed: " + text);
    }
    return new CommandTemplate(text, zone);
  }

  /** The command line of a scheduled time. */
  String at(Instant fireTime) {
    Map<String, String> values = parameters(fireTime, zone);
    return PARAMETER
        .matcher(text)
        .replaceAll(match -> Matcher.quoteReplacement(values.get(match.group(1))));
  }

  /** The words of the command line of a scheduled time, without quotes. */
  List<String> wordsAt(Instant fireTime) {
    List<String> words = new ArrayList<>();
    for (String word : WORD.matcher(at(fireTime)).results().map(match -> match.group()).toList()) {
      words.add(PART.matcher(word).replaceAll("$1$2$3"));
    }
    return words;
  }

  private static Map<String, String> parameters(Instant fireTime, ZoneId zone) {
    LocalDate day = LocalDate.ofInstant(fireTime, zone);
    return new TreeMap<>(
        Map.of(
            "fire-time", fireTime.toString(),
            "fire-day", day.toString(),
            "day-start", day.atStartOfDay(zone).toInstant().toString(),
            "day-before", day.minusDays(1).toString()));
  }
}
