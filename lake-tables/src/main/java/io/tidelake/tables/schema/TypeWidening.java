/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.schema;

import java.util.List;
import org.apache.paimon.types.DataType;
import org.apache.paimon.types.DataTypeChecks;
import org.apache.paimon.types.DataTypeFamily;
import org.apache.paimon.types.DataTypeRoot;

/**
 * Tells whether every value of one type is a value of another.
 *
 * <p>Paimon's own test for implicit casts looks at the kinds of types only: for it DECIMAL(12, 2)
 * to DECIMAL(4, 2) and BIGINT to FLOAT lose nothing.
 */
public final class TypeWidening {

  private static final List<DataTypeRoot> INTEGERS =
      List.of(
          DataTypeRoot.TINYINT, DataTypeRoot.SMALLINT, DataTypeRoot.INTEGER, DataTypeRoot.BIGINT);

  // By position in INTEGERS.
  private static final List<Integer> DIGITS = List.of(3, 5, 10, 19);

  private TypeWidening() {}

  /** Whether no value is lost or changed from one type to the other; NOT NULL is not looked at. */
  public static boolean keepsEveryValue(DataType from, DataType to) {
    int integer = INTEGERS.indexOf(from.getTypeRoot());
    if (from.copy(true).equals(to.copy(true))) {
      return true;
    }
    return switch (to.getTypeRoot()) {
      case SMALLINT, INTEGER, BIGINT ->
          integer >= 0 && integer < INTEGERS.indexOf(to.getTypeRoot());
      case DECIMAL -> fitsDecimal(from, integer, to);
      // Integers up to 53 bits are exact in a DOUBLE, up to 24 bits in a FLOAT.
      case DOUBLE -> from.is(DataTypeRoot.FLOAT) || (integer >= 0 && !from.is(DataTypeRoot.BIGINT));
      case FLOAT -> integer >= 0 && DIGITS.get(integer) <= 5;
      case VARCHAR ->
          from.is(DataTypeFamily.CHARACTER_STRING)
              && DataTypeChecks.getLength(from) <= DataTypeChecks.getLength(to);
      case VARBINARY ->
          from.is(DataTypeFamily.BINARY_STRING)
              && DataTypeChecks.getLength(from) <= DataTypeChecks.getLength(to);
      case TIMESTAMP_WITHOUT_TIME_ZONE, TIMESTAMP_WITH_LOCAL_TIME_ZONE ->
          from.is(to.getTypeRoot())
              && DataTypeChecks.getPrecision(from) <= DataTypeChecks.getPrecision(to);
      default -> false;
    };
  }

  private static boolean fitsDecimal(DataType from, int integer, DataType to) {
    int scale = DataTypeChecks.getScale(to);
    int digits = DataTypeChecks.getPrecision(to) - scale;
    if (from.is(DataTypeRoot.DECIMAL)) {
      int fromScale = DataTypeChecks.getScale(from);
      return fromScale <= scale && DataTypeChecks.getPrecision(from) - fromScale <= digits;
    }
    return integer >= 0 && DIGITS.get(integer) <= digits;
  }
}
