/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.paimon;

import io.tidelake.merge.law.Cumulative;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import org.apache.paimon.CoreOptions;
import org.apache.paimon.data.Decimal;
import org.apache.paimon.data.GenericMap;
import org.apache.paimon.data.InternalArray;
import org.apache.paimon.data.InternalMap;
import org.apache.paimon.mergetree.compact.aggregate.FieldAggregator;
import org.apache.paimon.mergetree.compact.aggregate.factory.FieldAggregatorFactory;
import org.apache.paimon.types.BigIntType;
import org.apache.paimon.types.DataType;
import org.apache.paimon.types.DecimalType;
import org.apache.paimon.types.MapType;

/**
 * Paimon's aggregate function {@code cumulative}: merges a {@link Cumulative} measure, a column of
 * type {@code MAP<BIGINT, DECIMAL(p, s)>} in a table with {@code merge-engine = aggregation}:
 *
 * <pre>{@code 'fields.<column>.aggregate-function' = 'cumulative'}</pre>
 *
 * <p>Paimon finds it with its own class loader, and calls it when it flushes, compacts and reads.
 * So this jar lies beside Paimon's: in Flink's {@code lib/} on client, JobManager and TaskManager,
 * and on the class path of every other reader that merges. With the jar among a job's user jars
 * alone Paimon says {@code Could not find any factory for identifier 'cumulative'}.
 */
public final class CumulativeAggregator extends FieldAggregator {

  private static final long serialVersionUID = 1L;

  private final DecimalType amountType;

  private CumulativeAggregator(String name, MapType type) {
    super(name, type);
    this.amountType = (DecimalType) type.getValueType();
  }

  @Override
  public Object agg(Object accumulator, Object input) {
    if (accumulator == null || input == null) {
      return accumulator == null ? input : accumulator;
    }
    Map<Long, Decimal> merged = new HashMap<>();
    Cumulative.merge(measure(accumulator), measure(input))
        .forEach((version, amount) -> merged.put(version, decimal(amount)));
    return new GenericMap(merged);
  }

  private Map<Long, BigDecimal> measure(Object column) {
    InternalMap map = (InternalMap) column;
    InternalArray versions = map.keyArray();
    InternalArray amounts = map.valueArray();
    Map<Long, BigDecimal> measure = new HashMap<>();
    for (int i = 0; i < map.size(); i++) {
      if (!amounts.isNullAt(i)) {
        measure.put(
            versions.getLong(i),
            amounts.getDecimal(i, amountType.getPrecision(), amountType.getScale()).toBigDecimal());
      }
    }
    return measure;
  }

  private Decimal decimal(BigDecimal amount) {
    return Decimal.fromBigDecimal(amount, amountType.getPrecision(), amountType.getScale());
  }

  /** Makes the aggregator of a column. */
  public static final class Factory implements FieldAggregatorFactory {

    @Override
    public String identifier() {
      return "cumulative";
    }

    @Override
    public FieldAggregator create(DataType type, CoreOptions options, String column) {
      if (type instanceof MapType map
          && map.getKeyType() instanceof BigIntType
          && map.getValueType() instanceof DecimalType) {
        return new CumulativeAggregator(identifier(), map);
      }
      throw new IllegalArgumentException(
          "The aggregate function cumulative needs a column of type MAP<BIGINT, DECIMAL(p, s)>, but "
              + column
              + " is "
              + type.asSQLString()
              + ". Its keys are versions, its values amounts.");
    }
  }
}
