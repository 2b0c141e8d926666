/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.capture;

import java.util.List;

/**
 * A column of a source table as change capture takes it to be. By its place among the columns, type
 * and character set the bytes in the database's log become values.
 *
 * @param name its name
 * @param type its type without length, in capital letters as the statement in the log had it,
 *     {@code INT UNSIGNED}
 * @param charset its character set; NULL when it has none, or the statement named none
 * @param values what an ENUM or SET can have, in quotes, in order; empty for other types
 */
public record CapturedColumn(String name, String type, String charset, List<String> values) {

  public CapturedColumn {
    values = List.copyOf(values);
  }

  /** Whether its numbers have no sign; MariaDB and MySQL take it from those with leading zeros. */
  public boolean isUnsigned() {
    return type.matches(".* (UNSIGNED|ZEROFILL)\\b.*");
  }
}
