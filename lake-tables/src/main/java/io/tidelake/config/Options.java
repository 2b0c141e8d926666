/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.config;

import io.tidelake.secret.Secrets;
import java.util.LinkedHashMap;
import java.util.Map;

/** Options in the order in which they are written; as a text they hide secrets. */
final class Options extends LinkedHashMap<String, String> {

  private static final long serialVersionUID = 1;

  private Options(Map<String, String> options) {
    super(options);
  }

  /** A copy; NULL is no options. */
  static Map<String, String> of(Map<String, String> options) {
    return options == null ? Map.of() : new Options(options);
  }

  @Override
  public String toString() {
    Map<String, String> told = new LinkedHashMap<>(this);
    told.replaceAll(
        (name, value) -> Secrets.isSensitive(name) ? Secrets.HIDDEN : Secrets.mask(value));
    return told.toString();
  }
}
