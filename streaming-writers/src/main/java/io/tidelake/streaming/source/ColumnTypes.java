/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.source;

import io.tidelake.streaming.database.DatabaseColumn;
import io.tidelake.streaming.source.SourceFinding.Severity;
import java.math.BigInteger;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LocalZonedTimestampType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.logical.VarCharType;
import org.apache.flink.table.types.logical.utils.LogicalTypeChecks;
import org.apache.flink.table.types.logical.utils.LogicalTypeParser;

/**
 * How values of the database's types come through change capture, and which types of a source file
 * hold them. Change capture is set up as the local stack's: decimals as text, times as ISO text.
 */
final class ColumnTypes {

  private static final Set<String> TEXTS =
      Set.of(
          "char",
          "varchar",
          "tinytext",
          "text",
          "mediumtext",
          "longtext",
          "enum",
          "set",
          "json",
          "uuid");
  private static final Set<String> BYTES =
      Set.of("binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob");
  private static final Set<String> INSTANTS = Set.of("datetime", "timestamp");
  private static final Set<String> GEOMETRIES =
      Set.of(
          "geometry",
          "point",
          "linestring",
          "polygon",
          "multipoint",
          "multilinestring",
          "multipolygon",
          "geometrycollection",
          "geomcollection");

  /** What to do about a column that ends change capture. */
  static final String INSTEAD_OF_STOPPING =
      "Store it as VARCHAR(45), or keep the table in another database.";

  /** Types that Debezium's parser of statements does not know. */
  private static final Set<String> STOPPING = Set.of("inet4", "inet6");

  private static final int MAX_DECIMAL = 38;

  /** What STRING and BYTES promise: no type holds more, and no message of Kafka either. */
  private static final int LONGEST = VarCharType.MAX_LENGTH;

  /** Bits of a whole number that FLOAT and DOUBLE hold exactly. */
  private static final int FLOAT_BITS = 24;

  private static final int DOUBLE_BITS = 53;

  /** A whole number of so many bits. */
  private record Whole(int bits, boolean isUnsigned) {

    /** The bits of a signed type that holds it. */
    int signedBits() {
      return isUnsigned ? bits + 1 : bits;
    }

    BigInteger max() {
      return BigInteger.ONE.shiftLeft(isUnsigned ? bits : bits - 1).subtract(BigInteger.ONE);
    }
  }

  /**
   * Why a type of a source file does not hold a column of the database.
   *
   * @param severity ERROR when no value can be read or values are read wrongly, WARNING when some
   *     cannot
   * @param reason what happens to them
   */
  record Misfit(Severity severity, String reason) {}

  private ColumnTypes() {}

  /** Whether a column of the type anywhere in the database ends change capture. */
  static boolean stopsCapture(DatabaseColumn column) {
    return STOPPING.contains(column.type());
  }

  /** What such a column does. */
  static String whatItStops(DatabaseColumn column) {
    return "%s is %s, which Debezium does not know: it stops at the statement that makes such a column, captured or not"
        .formatted(column.name(), column.declaration());
  }

  /** The type to write for a column into a source file: it loses nothing. */
  static String toWrite(DatabaseColumn column) {
    Optional<Whole> whole = whole(column);
    if (whole.isPresent()) {
      return wholeType(whole.get().signedBits());
    }
    if (BYTES.contains(column.type())) {
      return "BYTES";
    }
    if (INSTANTS.contains(column.type())) {
      return "TIMESTAMP_LTZ(6)";
    }
    return switch (column.type()) {
      case "decimal" ->
          column.precision() <= MAX_DECIMAL
              ? "DECIMAL(%d, %d)".formatted(column.precision(), column.scale())
              : "STRING";
      case "float" -> "FLOAT";
      case "double" -> "DOUBLE";
      case "bit" -> column.precision() == 1 ? "BOOLEAN" : "BYTES";
      default -> "STRING";
    };
  }

  /** How values of an unusual type arrive; empty when they come as everybody expects. */
  static Optional<String> arrival(DatabaseColumn column, LogicalType type) {
    boolean isText = type.is(LogicalTypeFamily.CHARACTER_STRING);
    if (isText && isBytes(column)) {
      return Optional.of("bytes arrive in Base64");
    }
    if (column.type().equals("bit") && column.precision() > 1) {
      return Optional.of("bits arrive as bytes, the lowest first");
    }
    if (GEOMETRIES.contains(column.type())) {
      return Optional.of("a shape arrives as JSON with its well-known binary in Base64");
    }
    return switch (column.type()) {
      case "set" -> Optional.of("the set arrives as text, its members separated by commas");
      case "json" -> Optional.of("JSON arrives as text");
      case "time" ->
          Optional.of(
              "a time of day arrives as text such as 12:30:00Z; what is below 0 or from 24 hours on arrives as NULL");
      default -> Optional.empty();
    };
  }

  /** The type of a source file's column. */
  static LogicalType parse(String type) {
    return LogicalTypeParser.parse(type, ColumnTypes.class.getClassLoader());
  }

  /** Why a type does not hold every value of a column; empty when it does. */
  static Optional<Misfit> misfit(DatabaseColumn column, LogicalType type) {
    return switch (type.getTypeRoot()) {
      case CHAR, VARCHAR -> ofText(column, type);
      case BOOLEAN -> ofBoolean(column);
      case TINYINT -> ofInteger(column, 8);
      case SMALLINT -> ofInteger(column, 16);
      case INTEGER -> ofInteger(column, 32);
      case BIGINT -> ofInteger(column, 64);
      case DECIMAL -> ofDecimal(column, (DecimalType) type);
      case FLOAT -> ofFloat(column, FLOAT_BITS, "FLOAT");
      case DOUBLE -> ofFloat(column, DOUBLE_BITS, "DOUBLE");
      case TIMESTAMP_WITH_LOCAL_TIME_ZONE -> ofInstant(column, (LocalZonedTimestampType) type);
      case BINARY, VARBINARY -> ofBytes(column, type);
      case ROW, MAP -> GEOMETRIES.contains(column.type()) ? Optional.empty() : unreadable(type);
      default -> unreadable(type);
    };
  }

  /**
   * Whether a column may be what a lost one was: it would be written with the same kind of type.
   */
  static boolean isLike(DatabaseColumn column, LogicalType lost) {
    return parse(toWrite(column)).is(lost.getTypeRoot()) && misfit(column, lost).isEmpty();
  }

  /** The smallest type for signed whole numbers of so many bits. */
  private static String wholeType(int bits) {
    if (bits <= 8) {
      return "TINYINT";
    }
    if (bits <= 16) {
      return "SMALLINT";
    }
    if (bits <= 32) {
      return "INT";
    }
    return bits <= 64 ? "BIGINT" : "DECIMAL(20, 0)";
  }

  private static Optional<Misfit> ofText(DatabaseColumn column, LogicalType type) {
    int length = LogicalTypeChecks.getLength(type);
    return TEXTS.contains(column.type()) && length < LONGEST && column.length() > length
        ? longer(column.length() + " characters", type)
        : Optional.empty();
  }

  private static Optional<Misfit> ofBoolean(DatabaseColumn column) {
    if (column.type().equals("bit") && column.precision() == 1
        || column.declaration().startsWith("tinyint(1)")) {
      return Optional.empty();
    }
    return whole(column).isPresent()
        ? Optional.of(new Misfit(Severity.WARNING, "all numbers but 0 become true"))
        : unreadable("BOOLEAN");
  }

  private static Optional<Misfit> ofInteger(DatabaseColumn column, int fileBits) {
    String name = wholeType(fileBits);
    Optional<Whole> whole = whole(column);
    if (whole.isPresent()) {
      return whole.get().signedBits() <= fileBits
          ? Optional.empty()
          : narrow("numbers go up to " + whole.get().max(), name);
    }
    return switch (column.type()) {
      case "bit" -> column.precision() == 1 ? Optional.empty() : unreadable(name);
      case "decimal" ->
          column.scale() > 0
              ? unreadable(name)
              : BigInteger.TEN.pow(column.precision()).bitLength() < fileBits
                  ? Optional.empty()
                  : narrow("numbers have %d digits".formatted(column.precision()), name);
      case "float", "double" -> narrow("numbers may have fractions", name);
      default -> unreadable(name);
    };
  }

  private static Optional<Misfit> ofDecimal(DatabaseColumn column, DecimalType type) {
    int digits = type.getPrecision() - type.getScale();
    Optional<Whole> whole = whole(column);
    if (whole.isPresent()) {
      String max = whole.get().max().toString();
      return max.length() <= digits ? Optional.empty() : narrow("numbers go up to " + max, type);
    }
    return switch (column.type()) {
      case "decimal" ->
          column.scale() <= type.getScale() && column.precision() - column.scale() <= digits
              ? Optional.empty()
              : narrow("numbers are " + column.declaration(), type);
      case "float", "double" -> narrow("numbers may have any digits", type);
      default -> unreadable(type);
    };
  }

  private static Optional<Misfit> ofFloat(DatabaseColumn column, int exactBits, String name) {
    Optional<Whole> whole = whole(column);
    if (whole.isPresent()) {
      return whole.get().bits() <= exactBits ? Optional.empty() : rounded(name);
    }
    return switch (column.type()) {
      case "float" -> Optional.empty();
      case "double" -> exactBits == DOUBLE_BITS ? Optional.empty() : rounded(name);
      case "decimal" -> rounded(name);
      case "bit" -> column.precision() == 1 ? Optional.empty() : unreadable(name);
      default -> unreadable(name);
    };
  }

  private static Optional<Misfit> ofInstant(DatabaseColumn column, LocalZonedTimestampType type) {
    if (!INSTANTS.contains(column.type())) {
      return unreadable(type);
    }
    return column.precision() <= type.getPrecision()
        ? Optional.empty()
        : Optional.of(
            new Misfit(
                Severity.WARNING,
                "the last %d digits of the second are lost"
                    .formatted(column.precision() - type.getPrecision())));
  }

  private static Optional<Misfit> ofBytes(DatabaseColumn column, LogicalType type) {
    if (!isBytes(column)) {
      return unreadable(type);
    }
    int length = LogicalTypeChecks.getLength(type);
    return BYTES.contains(column.type()) && length < LONGEST && column.length() > length
        ? longer(column.length() + " bytes", type)
        : Optional.empty();
  }

  private static boolean isBytes(DatabaseColumn column) {
    return BYTES.contains(column.type()) || column.type().equals("bit") && column.precision() > 1;
  }

  /** Empty when the column holds other values than whole numbers. */
  private static Optional<Whole> whole(DatabaseColumn column) {
    boolean isUnsigned = column.isUnsigned();
    return switch (column.type()) {
      case "tinyint" -> Optional.of(new Whole(8, isUnsigned));
      case "smallint" -> Optional.of(new Whole(16, isUnsigned));
      case "mediumint" -> Optional.of(new Whole(24, isUnsigned));
      case "int", "integer" -> Optional.of(new Whole(32, isUnsigned));
      case "bigint" -> Optional.of(new Whole(64, isUnsigned));
      // 1901 to 2155.
      case "year" -> Optional.of(new Whole(12, true));
      default -> Optional.empty();
    };
  }

  private static Optional<Misfit> longer(String length, LogicalType type) {
    return Optional.of(
        new Misfit(
            Severity.WARNING,
            "values may have %s, more than %s promises; nothing cuts them"
                .formatted(length, shortName(type))));
  }

  private static Optional<Misfit> rounded(String name) {
    return Optional.of(new Misfit(Severity.WARNING, "numbers are rounded by " + name));
  }

  private static Optional<Misfit> narrow(String values, Object type) {
    return Optional.of(
        new Misfit(
            Severity.WARNING,
            "%s; those that do not fit %s become dead letters".formatted(values, shortName(type))));
  }

  private static Optional<Misfit> unreadable(Object type) {
    return Optional.of(
        new Misfit(
            Severity.ERROR,
            "%s cannot read its values: each event becomes a dead letter"
                .formatted(shortName(type))));
  }

  private static String shortName(Object type) {
    return type instanceof LogicalType logical
        ? logical.copy(true).asSummaryString()
        : String.valueOf(type);
  }
}
