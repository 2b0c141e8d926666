/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function.aggregate;

import static org.apache.flink.table.types.utils.DataTypeUtils.toInternalDataType;

import java.util.Arrays;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.functions.AggregateFunction;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.functions.SpecializedFunction;
import org.apache.flink.table.functions.UserDefinedFunction;
import org.apache.flink.table.runtime.typeutils.RowDataSerializer;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.ArgumentTypeStrategy;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.InputTypeStrategies;
import org.apache.flink.table.types.inference.Signature;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.table.types.logical.BigIntType;
import org.apache.flink.table.types.logical.LogicalType;

/**
 * SQL aggregate {@code LATEST_ITEM(item_id, version, rank, item)}: of the items that a group has
 * now, the one with the greatest rank, as {@code ROW<version, item>}. For a column group that
 * several rows of a source can set: the scans of a milestone, the declarations of a parcel.
 *
 * <p>Of each item the record with the greatest {@code Version} says how it is now; a rank of NULL
 * says that it is gone. Of equal ranks the greater id wins. The version of the result is the
 * greatest that any item of the group has, gone ones included, so it grows with each change; its
 * item is NULL when all are gone. So the result is a function of the latest record of each item,
 * whatever the order in which records come and however often.
 *
 * <p>Records without an id or a version are passed over. The state of a group is one record for
 * each item that it ever had.
 *
 * <p>It works on Flink's internal data: a record of the state is never taken apart, but for what is
 * compared.
 */
public final class LatestItem extends AggregateFunction<RowData, LatestItem.State>
    implements SpecializedFunction {

  private static final int ID = 0;
  private static final int VERSION = 1;
  private static final int RANK = 2;
  private static final int ITEM = 3;

  private final RowDataSerializer serializer;
  private final RowData.FieldGetter rankOf;
  private final RowData.FieldGetter itemOf;

  /**
   * State of one group. A value and no map: a group has one item or a few, all of which each change
   * looks at, and a map's entries would each be found, cleaned and written by themselves.
   */
  public static final class State {

    /** The record with the greatest version of each item: its id, version, rank and item. */
    public RowData[] records = {};
  }

  /** What SQL names; {@link #specialize} makes the function for the types of a call. */
  public LatestItem() {
    serializer = null;
    rankOf = null;
    itemOf = null;
  }

  /** The function for ranks and items of these types. */
  LatestItem(LogicalType rankType, LogicalType itemType) {
    serializer = new RowDataSerializer(new BigIntType(), new BigIntType(), rankType, itemType);
    rankOf = RowData.createFieldGetter(rankType.copy(true), RANK);
    itemOf = RowData.createFieldGetter(itemType.copy(true), ITEM);
  }

  @Override
  public UserDefinedFunction specialize(SpecializedContext context) {
    CallContext call = context.getCallContext();
    return new LatestItem(type(call, RANK).getLogicalType(), type(call, ITEM).getLogicalType());
  }

  @Override
  public State createAccumulator() {
    return new State();
  }

  /**
   * Adds what a record says of an item.
   *
   * @param id of the item
   * @param version of the record
   * @param rank of the item in the group, any type that has an order; NULL when it is gone
   * @param item its values
   */
  public void accumulate(State state, Long id, Long version, Object rank, Object item) {
    if (id == null || version == null) {
      return;
    }
    int at = indexOf(state, id);
    if (at == state.records.length) {
      state.records = Arrays.copyOf(state.records, at + 1);
    } else if (version < version(state.records[at])) {
      return;
    }
    // Copied: its parts may lie in memory that Flink uses again for the next row.
    state.records[at] =
        serializer.copy(GenericRowData.of(id, version, rank, rank == null ? null : item));
  }

  /** Takes a record back, unless a newer one of its item came. */
  public void retract(State state, Long id, Long version, Object rank, Object item) {
    if (id == null || version == null) {
      return;
    }
    int at = indexOf(state, id);
    if (at < state.records.length && version(state.records[at]) == version) {
      state.records =
          Arrays.stream(state.records).filter(record -> id(record) != id).toArray(RowData[]::new);
    }
  }

  /** Adds what other states know. */
  public void merge(State state, Iterable<State> others) {
    for (State other : others) {
      for (RowData record : other.records) {
        accumulate(
            state,
            id(record),
            version(record),
            rankOf.getFieldOrNull(record),
            itemOf.getFieldOrNull(record));
      }
    }
  }

  @Override
  public RowData getValue(State state) {
    if (state.records.length == 0) {
      return null;
    }
    long version = Long.MIN_VALUE;
    RowData latest = null;
    for (RowData record : state.records) {
      version = Math.max(version, version(record));
      if (isAfter(record, latest)) {
        latest = record;
      }
    }
    return GenericRowData.of(version, latest == null ? null : itemOf.getFieldOrNull(latest));
  }

  /** The place of an item; the number of records when there is none. */
  private static int indexOf(State state, long id) {
    int at = 0;
    while (at < state.records.length && id(state.records[at]) != id) {
      at++;
    }
    return at;
  }

  @SuppressWarnings("unchecked")
  private boolean isAfter(RowData record, RowData latest) {
    if (record.isNullAt(RANK)) {
      return false;
    }
    if (latest == null) {
      return true;
    }
    int order =
        ((Comparable<Object>) rankOf.getFieldOrNull(record))
            .compareTo(rankOf.getFieldOrNull(latest));
    return order == 0 ? id(record) > id(latest) : order > 0;
  }

  private static long id(RowData record) {
    return record.getLong(ID);
  }

  private static long version(RowData record) {
    return record.getLong(VERSION);
  }

  @Override
  public TypeInference getTypeInference(DataTypeFactory typeFactory) {
    return TypeInference.newBuilder()
        .inputTypeStrategy(
            InputTypeStrategies.sequence(
                InputTypeStrategies.explicit(DataTypes.BIGINT()),
                InputTypeStrategies.explicit(DataTypes.BIGINT()),
                new InternalType(true),
                new InternalType(false)))
        .accumulatorTypeStrategy(call -> Optional.of(stateType(call)))
        .outputTypeStrategy(call -> Optional.of(resultType(call)))
        .build();
  }

  /**
   * An argument of any type, as internal data.
   *
   * @param ordered whether its values must have an order
   */
  private record InternalType(boolean ordered) implements ArgumentTypeStrategy {

    @Override
    public Optional<DataType> inferArgumentType(CallContext call, int at, boolean throwOnFailure) {
      DataType type = type(call, at);
      if (ordered && !Comparable.class.isAssignableFrom(type.getConversionClass())) {
        return call.fail(throwOnFailure, "The rank has a type with an order, not %s.", type);
      }
      return Optional.of(type);
    }

    @Override
    public Signature.Argument getExpectedArgument(FunctionDefinition function, int at) {
      return Signature.Argument.of(ordered ? "<ORDERED>" : "<ANY>");
    }
  }

  private static DataType type(CallContext call, int argument) {
    return toInternalDataType(call.getArgumentDataTypes().get(argument).nullable());
  }

  private static DataType stateType(CallContext call) {
    DataType record =
        DataTypes.ROW(
                DataTypes.FIELD("id", DataTypes.BIGINT().notNull()),
                DataTypes.FIELD("version", DataTypes.BIGINT().notNull()),
                DataTypes.FIELD("rank", type(call, RANK)),
                DataTypes.FIELD("item", type(call, ITEM)))
            .notNull()
            .bridgedTo(RowData.class);
    return DataTypes.STRUCTURED(
        State.class,
        DataTypes.FIELD("records", DataTypes.ARRAY(record).bridgedTo(RowData[].class)));
  }

  private static DataType resultType(CallContext call) {
    return DataTypes.ROW(
            DataTypes.FIELD("version", DataTypes.BIGINT()),
            DataTypes.FIELD("item", type(call, ITEM)))
        .bridgedTo(RowData.class);
  }
}
