/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.secret;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.paimon.utils.SensitiveConfigUtils;

/**
 * The secrets that this process has read. Whatever is told to people or written into a log goes
 * through {@link #mask}.
 */
public final class Secrets {

  /** What stands in the place of a secret. */
  public static final String HIDDEN = "******";

  /** Shorter ones, such as {@code 1}, are parts of every text. */
  private static final int SHORTEST = 4;

  private static final Set<String> NO_SECRETS = Set.of("true", "false");

  /** As in addresses for JDBC, and in maps and records. References are no secrets. */
  private static final Pattern NAMED =
      Pattern.compile("([\\w.-]+)=(?!\\$\\{|[*…])([^\\s&;,'\")\\]}\\\\]+)");

  private static final Pattern IN_ADDRESS =
      Pattern.compile("(://[^\\s/:@]*:)(?!\\$\\{)[^\\s/@,'\"]+@");

  /** The longest first: a secret may be a part of another. */
  private static final Collection<String> KNOWN =
      new ConcurrentSkipListSet<>(
          Comparator.comparingInt(String::length).reversed().thenComparing(value -> value));

  private Secrets() {}

  /** Whether a value of this name is a secret, as Flink or Paimon see it. */
  public static boolean isSensitive(String name) {
    return GlobalConfiguration.isSensitive(name) || SensitiveConfigUtils.isSensitive(name);
  }

  /** Whether a value tells a secret, by its name or by what is in it; a reference does not. */
  public static boolean isTold(String name, String value) {
    return isSensitive(name) && isSecret(value) && !SecretReferences.isIn(value)
        || !maskPatterns(value).equals(value);
  }

  /** Hides a value in all texts from now on. One of less than four characters is not hidden. */
  public static void remember(String value) {
    if (isSecret(value) && value.length() >= SHORTEST) {
      KNOWN.add(value);
    }
  }

  /**
   * A text without secrets.
   *
   * @param text may be NULL
   * @return NULL for NULL
   */
  public static String mask(String text) {
    if (text == null) {
      return null;
    }
    String masked = text;
    for (String secret : List.copyOf(KNOWN)) {
      masked = masked.replace(secret, HIDDEN);
    }
    return maskPatterns(masked);
  }

  /** The stack trace of an error without secrets. */
  public static String stackTrace(Throwable error) {
    StringWriter trace = new StringWriter();
    error.printStackTrace(new PrintWriter(trace, true));
    return mask(trace.toString());
  }

  private static String maskPatterns(String text) {
    String masked =
        NAMED
            .matcher(text)
            .replaceAll(
                found ->
                    Matcher.quoteReplacement(
                        isSensitive(found.group(1)) && isSecret(found.group(2))
                            ? found.group(1) + "=" + HIDDEN
                            : found.group()));
    return IN_ADDRESS.matcher(masked).replaceAll("$1" + Matcher.quoteReplacement(HIDDEN + "@"));
  }

  /** Names such as {@code delegation.tokens.enabled} are sensitive too. */
  private static boolean isSecret(String value) {
    return !value.isEmpty() && !NO_SECRETS.contains(value);
  }
}
