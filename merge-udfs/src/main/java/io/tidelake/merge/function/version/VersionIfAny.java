/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function.version;

import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.functions.ScalarFunction;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.ArgumentTypeStrategy;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.InputTypeStrategies;
import org.apache.flink.table.types.inference.Signature;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.table.types.inference.TypeStrategies;
import org.apache.flink.table.types.utils.DataTypeUtils;

/**
 * SQL function {@code VERSION_IF_ANY(version, value[, value …])}: the version when at least one of
 * the values is not NULL, and NULL otherwise. It guards a column group against a writer that has
 * nothing to say about it: an offline snapshot, for example, whose NULLs mean "not known" and not
 * "known to be empty". The values can have any types.
 */
public final class VersionIfAny extends ScalarFunction {

  /**
   * @param version the version that the values would have; NULL gives NULL
   * @param values the group's values
   */
  public Long eval(Long version, Object... values) {
    for (Object value : values) {
      if (value != null) {
        return version;
      }
    }
    return null;
  }

  @Override
  public TypeInference getTypeInference(DataTypeFactory typeFactory) {
    return TypeInference.newBuilder()
        .inputTypeStrategy(
            InputTypeStrategies.varyingSequence(
                InputTypeStrategies.explicit(DataTypes.BIGINT()), new AnyUnconverted()))
        .outputTypeStrategy(TypeStrategies.explicit(DataTypes.BIGINT()))
        .build();
  }

  /** Any type, in the form that Flink has at hand: whether it is NULL needs no conversion. */
  private static final class AnyUnconverted implements ArgumentTypeStrategy {

    @Override
    public Optional<DataType> inferArgumentType(
        CallContext call, int position, boolean throwOnFailure) {
      return Optional.of(
          DataTypeUtils.toInternalDataType(call.getArgumentDataTypes().get(position)));
    }

    @Override
    public Signature.Argument getExpectedArgument(FunctionDefinition function, int position) {
      return Signature.Argument.of("value");
    }
  }
}
