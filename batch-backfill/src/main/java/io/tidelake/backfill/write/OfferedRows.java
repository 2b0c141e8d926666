/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.backfill.write;

import static org.apache.flink.table.api.Expressions.$;
import static org.apache.flink.table.api.Expressions.call;
import static org.apache.flink.table.api.Expressions.coalesce;
import static org.apache.flink.table.api.Expressions.concat;
import static org.apache.flink.table.api.Expressions.ifThenElse;
import static org.apache.flink.table.api.Expressions.lit;
import static org.apache.flink.table.api.Expressions.nullOf;
import static org.apache.flink.table.api.Expressions.row;

import io.tidelake.backfill.input.SnapshotInput;
import io.tidelake.tables.schema.TypeWidening;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.table.api.ApiExpression;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.Table;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.flink.table.catalog.Column;
import org.apache.flink.table.expressions.Expression;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.logical.LogicalTypeFamily;
import org.apache.flink.table.types.utils.TypeConversions;
import org.apache.paimon.flink.LogicalTypeConversion;
import org.apache.paimon.table.FileStoreTable;
import org.apache.paimon.types.DataField;

/**
 * The rows that a mapping makes of a snapshot, divided into those that fit the target and those
 * that do not: a NULL in a column that must have a value, a value that its column cannot hold, a
 * row of another day than its folder's.
 */
final class OfferedRows {

  private static final String REASON = "reject_reason";

  private final List<DataField> fields;
  private final Map<String, DataType> offered = new LinkedHashMap<>();
  private final Table rows;

  private OfferedRows(Mapping mapping, FileStoreTable target, Table rows) {
    this.fields = target.rowType().getFields();
    this.rows = rows;
    for (Column column : rows.getResolvedSchema().getColumns()) {
      offered.put(column.getName(), column.getDataType());
    }
    refuseMisfits(mapping, target);
  }

  /**
   * The rows of a session's snapshot.
   *
   * @param session knows the snapshot
   * @throws io.tidelake.error.LakeException when the mapping does not fit the snapshot or the
   *     target
   */
  static OfferedRows of(Mapping mapping, FileStoreTable target, StreamTableEnvironment session) {
    return new OfferedRows(mapping, target, mapping.select(session));
  }

  /** The distinct values of a column, before any row is rejected. */
  Table distinct(String column) {
    return rows.select($(column)).distinct();
  }

  /**
   * The rows that fit, with the columns of the target in its order; those that the mapping leaves
   * out are NULL.
   *
   * @param checked what {@link #checked} made
   * @param rowsPerSecond how many may pass in a second; 0 for no limit
   */
  Table fitting(Table checked, double rowsPerSecond) {
    Table passing = checked.where($(REASON).isNull());
    if (rowsPerSecond > 0) {
      passing = passing.where(call(new RateLimit(rowsPerSecond)));
    }
    return passing.select(
        fields.stream().map(field -> value(field).as(field.name())).toArray(Expression[]::new));
  }

  /**
   * The rejected rows, as {@code ops_backfill_reject} takes them.
   *
   * @param checked what {@link #checked} made
   * @param limit rejects that pass; the next one fails the job
   */
  Table rejected(Table checked, String run, String dt, int limit) {
    Expression[] values =
        offered.keySet().stream()
            .filter(name -> !name.equals(SnapshotInput.SOURCE_FILE))
            .map(name -> $(name))
            .toArray(Expression[]::new);
    Expression[] others = new Expression[values.length - 1];
    System.arraycopy(values, 1, others, 0, others.length);
    return checked
        .where($(REASON).isNotNull())
        .where(call(new RejectLimit(limit), $(REASON)))
        .select(
            $(REASON).as("reason"),
            $(SnapshotInput.SOURCE_FILE),
            row(values[0], (Object[]) others).cast(DataTypes.STRING()).as("row_values"))
        .select(
            lit(run).as("run_id"),
            lit(dt).as("dt"),
            concat($("reason"), $(SnapshotInput.SOURCE_FILE), $("row_values"))
                .md5()
                .as("reject_id"),
            $("reason"),
            $(SnapshotInput.SOURCE_FILE),
            $("row_values"));
  }

  /**
   * The rows, each with the reason why it does not fit, or NULL.
   *
   * @param partitionKey the column of the partition; empty for a table without partitions
   * @param dt the partition that is written
   * @param others what happens to rows of other partitions
   */
  Table checked(String partitionKey, String dt, OtherDays others) {
    Table read = rows;
    List<ApiExpression> reasons = new ArrayList<>();
    if (!partitionKey.isEmpty()) {
      ApiExpression isOther = $(partitionKey).isNotEqual(dt);
      read =
          switch (others) {
            case REJECT -> rows;
            case LEAVE -> rows.where($(partitionKey).isEqual(dt));
            case LEAVE_DAYS ->
                rows.where(
                    $(partitionKey)
                        .isEqual(dt)
                        .or($(partitionKey).isNull())
                        .or($(partitionKey).tryCast(DataTypes.DATE()).isNull()));
          };
      reasons.add(
          reasonIf(
              isOther,
              concat(
                  lit(partitionKey + " is "),
                  text(partitionKey),
                  lit(others == OtherDays.REJECT ? ", but the row lies in " + dt : ", no day"))));
    }
    for (DataField field : fields) {
      if (!field.type().isNullable()) {
        reasons.add(reasonIf($(field.name()).isNull(), lit(field.name() + " is NULL")));
      }
      if (offered.containsKey(field.name()) && !isWithin(field)) {
        reasons.add(
            reasonIf(
                isLost(field),
                concat(
                    lit(field.name() + " is "),
                    text(field.name()),
                    lit(", which does not fit " + field.type().copy(true).asSQLString()))));
      }
    }
    ApiExpression reason =
        reasons.isEmpty() ? nullOf(DataTypes.STRING()) : coalesce(reasons.toArray(Object[]::new));
    return read.addColumns(reason.as(REASON));
  }

  /** What happens to rows of other partitions than the one that is written. */
  enum OtherDays {
    /** They are rejected: they lie in the wrong folder. */
    REJECT,
    /** They are left to other partitions. */
    LEAVE,
    /** The same for rows that belong to a day; the others are rejected. */
    LEAVE_DAYS
  }

  private static ApiExpression reasonIf(Expression condition, Expression reason) {
    return ifThenElse(condition, reason, nullOf(DataTypes.STRING()));
  }

  private static ApiExpression text(String column) {
    return coalesce($(column).cast(DataTypes.STRING()), lit("NULL"));
  }

  private ApiExpression value(DataField field) {
    DataType type = flinkType(field);
    if (!offered.containsKey(field.name())) {
      return nullOf(type);
    }
    return isWithin(field) ? $(field.name()).cast(type) : $(field.name()).tryCast(type);
  }

  /** Whether each value that is offered for a field is a value of its type. */
  private boolean isWithin(DataField field) {
    return TypeWidening.keepsEveryValue(
        LogicalTypeConversion.toDataType(offered.get(field.name()).getLogicalType()), field.type());
  }

  /** A cast fails, or, for numbers, yields another value. */
  private ApiExpression isLost(DataField field) {
    DataType type = flinkType(field);
    DataType before = offered.get(field.name());
    ApiExpression value = $(field.name());
    ApiExpression lost = value.isNotNull().and(value.tryCast(type).isNull());
    return before.getLogicalType().is(LogicalTypeFamily.NUMERIC)
            && type.getLogicalType().is(LogicalTypeFamily.NUMERIC)
        ? lost.or(value.tryCast(type).tryCast(before).isNotEqual(value))
        : lost;
  }

  private static DataType flinkType(DataField field) {
    // NULLs are rejected, or refused by the sink.
    return TypeConversions.fromLogicalToDataType(
        LogicalTypeConversion.toLogicalType(field.type()).copy(true));
  }

  private void refuseMisfits(Mapping mapping, FileStoreTable target) {
    for (String name : offered.keySet()) {
      if (!name.equals(SnapshotInput.SOURCE_FILE) && !target.rowType().containsField(name)) {
        throw mapping.invalid(
            "it selects " + name + ", which is no column of " + target.name(), null);
      }
    }
    if (!offered.containsKey(SnapshotInput.SOURCE_FILE)) {
      throw mapping.invalid("it does not select " + SnapshotInput.SOURCE_FILE, null);
    }
    for (DataField field : fields) {
      if (!field.type().isNullable() && !offered.containsKey(field.name())) {
        throw mapping.invalid(
            "it does not select " + field.name() + ", which cannot be NULL in " + target.name(),
            null);
      }
    }
  }
}
