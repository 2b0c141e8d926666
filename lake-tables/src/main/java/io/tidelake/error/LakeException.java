/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.error;

import io.tidelake.secret.Secrets;
import java.util.regex.Pattern;

/**
 * An error that a user can mend: which error it is, what happened with the values, and what to type
 * next. Its texts hide secrets.
 */
public final class LakeException extends RuntimeException {

  private static final Pattern TRACE = Pattern.compile("\\R\\s+at .*", Pattern.DOTALL);

  private final ErrorCode code;
  private final String remedy;

  /**
   * @param code which error it is
   * @param message what happened, with the values
   * @param remedy what to do or type next
   */
  public LakeException(ErrorCode code, String message, String remedy) {
    this(code, message, remedy, null);
  }

  /**
   * @param cause what caused it, shown with {@code --debug}; may be NULL
   */
  public LakeException(ErrorCode code, String message, String remedy, Throwable cause) {
    super(Secrets.mask(message), cause);
    this.code = code;
    this.remedy = Secrets.mask(remedy);
  }

  /** Which error it is. */
  public ErrorCode code() {
    return code;
  }

  /** What to do or type next. */
  public String remedy() {
    return remedy;
  }

  /**
   * The message at the bottom of a chain of causes, without secrets; its type when it says nothing
   * itself. Some have a whole stack trace in their message (Hive's client does); it is left out.
   */
  public static String rootMessage(Throwable error) {
    Throwable root = error;
    while (root.getCause() != null) {
      root = root.getCause();
    }
    return root.getMessage() == null || root.getMessage().isBlank()
        ? root.getClass().getSimpleName()
        : Secrets.mask(TRACE.matcher(root.getMessage()).replaceFirst(""));
  }
}
