/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function.aggregate;

import java.util.List;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.ArgumentCount;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.ConstantArgumentCount;
import org.apache.flink.table.types.inference.InputTypeStrategy;
import org.apache.flink.table.types.inference.Signature;
import org.apache.flink.table.types.inference.Signature.Argument;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.table.types.inference.TypeStrategies;
import org.apache.flink.table.types.logical.LogicalType;
import org.apache.flink.table.types.logical.utils.LogicalTypeMerging;
import org.apache.flink.table.types.utils.TypeConversions;

/**
 * SQL function {@code PREFER_REALTIME(realtime_value, realtime_version, snapshot_value,
 * snapshot_version)}: the value with the greater {@code Version}, for a join of both. A NULL
 * version means that there is no value; a NULL value with a version is known to be empty and wins
 * like any other. For equal versions the real-time value wins. The values can have any types that
 * have a common type.
 */
public final class PreferRealtime extends ScalarFunction {

  /** Of two values that have one type by the time they get here, the one to keep. */
  public Object eval(
      Object realtimeValue, Long realtimeVersion, Object snapshotValue, Long snapshotVersion) {
    boolean snapshotWins =
        snapshotVersion != null && (realtimeVersion == null || snapshotVersion > realtimeVersion);
    if (snapshotWins) {
      return snapshotValue;
    }
    return realtimeVersion == null ? null : realtimeValue;
  }

  @Override
  public TypeInference getTypeInference(DataTypeFactory typeFactory) {
    return TypeInference.newBuilder()
        .inputTypeStrategy(new TwoVersionedValues())
        .outputTypeStrategy(TypeStrategies.forceNullable(TypeStrategies.argument(0)))
        .build();
  }

  /** Two values, each followed by its version: both are cast to their common type. */
  private static final class TwoVersionedValues implements InputTypeStrategy {

    @Override
    public ArgumentCount getArgumentCount() {
      return ConstantArgumentCount.of(4);
    }

    @Override
    public Optional<List<DataType>> inferInputTypes(CallContext call, boolean throwOnFailure) {
      List<LogicalType> given =
          call.getArgumentDataTypes().stream().map(DataType::getLogicalType).toList();
      Optional<LogicalType> common =
          LogicalTypeMerging.findCommonType(List.of(given.get(0), given.get(2)));
      if (common.isEmpty()) {
        return call.fail(
            throwOnFailure,
            "The values of PREFER_REALTIME need a common type, but are %s and %s.",
            given.get(0),
            given.get(2));
      }
      DataType value = TypeConversions.fromLogicalToDataType(common.get().copy(true));
      return Optional.of(List.of(value, DataTypes.BIGINT(), value, DataTypes.BIGINT()));
    }

    @Override
    public List<Signature> getExpectedSignatures(FunctionDefinition function) {
      return List.of(
          Signature.of(
              Argument.of("realtime_value", "<COMMON>"),
              Argument.of("realtime_version", "BIGINT"),
              Argument.of("snapshot_value", "<COMMON>"),
              Argument.of("snapshot_version", "BIGINT")));
    }
  }
}
