/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function.aggregate;

import io.tidelake.merge.law.Cumulative;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.InputTypeStrategies;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.table.types.logical.DecimalType;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.LogicalTypeRoot;
import org.apache.flink.table.types.logical.MapType;

/**
 * SQL function {@code CUMULATIVE_TOTAL(measure)}: the amount of a {@link Cumulative} measure, a
 * {@code MAP<BIGINT, DECIMAL(p, s)>}, as {@code DECIMAL(38, s)}. NULL for NULL and for an empty
 * map.
 */
public final class CumulativeTotal extends ScalarFunction {

  /**
   * @param measure a column with the aggregate function {@code cumulative}
   */
  public BigDecimal eval(Map<Long, BigDecimal> measure) {
    return measure == null ? null : Cumulative.total(measure);
  }

  @Override
  public TypeInference getTypeInference(DataTypeFactory typeFactory) {
    return TypeInference.newBuilder()
        .inputTypeStrategy(
            InputTypeStrategies.sequence(
                InputTypeStrategies.and(
                    InputTypeStrategies.ANY,
                    InputTypeStrategies.constraint(
                        "The measure is a MAP<BIGINT, DECIMAL>.",
                        types -> isMeasure(types.get(0).getLogicalType())))))
        .outputTypeStrategy(
            call -> Optional.of(DataTypes.DECIMAL(DecimalType.MAX_PRECISION, scale(call))))
        .build();
  }

  private static boolean isMeasure(LogicalType type) {
    return type.is(LogicalTypeRoot.MAP)
        && type.getChildren().get(0).is(LogicalTypeRoot.BIGINT)
        && type.getChildren().get(1).is(LogicalTypeRoot.DECIMAL);
  }

  private static int scale(CallContext call) {
    MapType measure = (MapType) call.getArgumentDataTypes().get(0).getLogicalType();
    return ((DecimalType) measure.getValueType()).getScale();
  }
}
