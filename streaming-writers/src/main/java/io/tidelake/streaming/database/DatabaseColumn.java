/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.database;

/**
 * A column of a table of the source database.
 *
 * @param name its name
 * @param type its type without parameters, in small letters as {@code varchar}
 * @param declaration its type with them, as {@code bigint(20) unsigned}
 * @param length most characters or bytes of its values; 0 for other types
 * @param precision digits of a number, digits of the second of a time, or bits
 * @param scale digits behind the point; 0 for other types
 * @param charset its character set; NULL for types that have none
 * @param isKey whether it belongs to the primary key, or to the unique key that stands for it
 * @param comment what it means; empty when nothing is said
 */
public record DatabaseColumn(
    String name,
    String type,
    String declaration,
    long length,
    int precision,
    int scale,
    String charset,
    boolean isKey,
    String comment) {

  /** Whether its numbers are 0 or more. */
  public boolean isUnsigned() {
    return declaration.contains("unsigned");
  }
}
