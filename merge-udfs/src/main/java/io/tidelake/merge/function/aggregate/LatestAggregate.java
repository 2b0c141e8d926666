/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function.aggregate;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.dataview.MapView;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.functions.AggregateFunction;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.InputTypeStrategies;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.table.types.inference.TypeStrategies;
import org.apache.flink.types.Row;

/**
 * What {@link Latest} and {@link LatestNonNull} share: the value with the greatest {@code Version}.
 *
 * <p>The state counts how often each pair of version and value was added, less how often it was
 * retracted. So the result depends on the set of records alone: not on their order, and not on how
 * a mini-batch or a two-phase aggregation divides them, where a retraction can come before what it
 * retracts. For equal versions the greater value wins, NULL being the least; within one key of a
 * changelog that does not happen, since an update retracts the value before it.
 *
 * <p>The state of a group grows with the records that are not retracted, as that of Flink's own
 * {@code MAX} over a changelog.
 */
public abstract class LatestAggregate extends AggregateFunction<Object, LatestAggregate.State> {

  private static final int VERSION = 0;
  private static final int VALUE = 1;

  /** State of one group. */
  public static final class State {

    /** The pair of version and value that is the result; NULL while there is none. */
    public Row latest;

    /** How often each pair was added; negative while a retraction is ahead. */
    public MapView<Row, Long> counts = new MapView<>();
  }

  /** Whether a value takes part. */
  abstract boolean takes(Object value);

  @Override
  public State createAccumulator() {
    return new State();
  }

  @Override
  public Object getValue(State state) {
    return state.latest == null ? null : state.latest.getField(VALUE);
  }

  /** Adds a record; one without a version carries nothing. */
  public void accumulate(State state, Object value, Long version) throws Exception {
    if (version != null && takes(value)) {
      add(state, Row.of(version, value), 1);
    }
  }

  /** Takes a record back. */
  public void retract(State state, Object value, Long version) throws Exception {
    if (version != null && takes(value)) {
      add(state, Row.of(version, value), -1);
    }
  }

  /** Adds what other states have counted. */
  public void merge(State state, Iterable<State> others) throws Exception {
    for (State other : others) {
      for (Map.Entry<Row, Long> entry : other.counts.entries()) {
        add(state, entry.getKey(), entry.getValue());
      }
    }
  }

  private static void add(State state, Row pair, long times) throws Exception {
    long count = Objects.requireNonNullElse(state.counts.get(pair), 0L) + times;
    if (count == 0) {
      state.counts.remove(pair);
    } else {
      state.counts.put(pair, count);
    }
    if (count > 0) {
      if (isAfter(pair, state.latest)) {
        state.latest = pair;
      }
    } else if (pair.equals(state.latest)) {
      state.latest = greatest(state.counts);
    }
  }

  private static Row greatest(MapView<Row, Long> counts) throws Exception {
    Row greatest = null;
    for (Map.Entry<Row, Long> entry : counts.entries()) {
      if (entry.getValue() > 0 && isAfter(entry.getKey(), greatest)) {
        greatest = entry.getKey();
      }
    }
    return greatest;
  }

  private static boolean isAfter(Row pair, Row other) {
    if (other == null) {
      return true;
    }
    int order = Long.compare((Long) pair.getField(VERSION), (Long) other.getField(VERSION));
    return order == 0 ? compare(pair.getField(VALUE), other.getField(VALUE)) > 0 : order > 0;
  }

  @SuppressWarnings("unchecked")
  private static int compare(Object value, Object other) {
    if (value == null || other == null) {
      return Boolean.compare(value != null, other != null);
    }
    return value instanceof byte[] bytes
        ? Arrays.compareUnsigned(bytes, (byte[]) other)
        : ((Comparable<Object>) value).compareTo(other);
  }

  @Override
  public TypeInference getTypeInference(DataTypeFactory typeFactory) {
    return TypeInference.newBuilder()
        .inputTypeStrategy(
            InputTypeStrategies.sequence(
                InputTypeStrategies.and(
                    InputTypeStrategies.ANY,
                    InputTypeStrategies.constraint(
                        "The value has a scalar type.", types -> isScalar(types.get(0)))),
                InputTypeStrategies.explicit(DataTypes.BIGINT())))
        .accumulatorTypeStrategy(call -> Optional.of(stateType(call)))
        .outputTypeStrategy(TypeStrategies.forceNullable(TypeStrategies.argument(0)))
        .build();
  }

  private static boolean isScalar(DataType type) {
    Class<?> values = type.getConversionClass();
    return Comparable.class.isAssignableFrom(values) || values == byte[].class;
  }

  private static DataType stateType(CallContext call) {
    DataType pair =
        DataTypes.ROW(
            DataTypes.FIELD("version", DataTypes.BIGINT()),
            DataTypes.FIELD("value", call.getArgumentDataTypes().get(0).nullable()));
    return DataTypes.STRUCTURED(
        State.class,
        DataTypes.FIELD("latest", pair),
        DataTypes.FIELD(
            "counts", MapView.newMapViewDataType(pair.notNull(), DataTypes.BIGINT().notNull())));
  }
}
