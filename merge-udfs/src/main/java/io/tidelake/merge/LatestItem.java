package io.tidelake.merge;

import java.util.Arrays;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.catalog.DataTypeFactory;
import org.apache.flink.table.functions.AggregateFunction;
import org.apache.flink.table.types.DataType;
import org.apache.flink.table.types.inference.CallContext;
import org.apache.flink.table.types.inference.InputTypeStrategies;
import org.apache.flink.table.types.inference.TypeInference;
import org.apache.flink.types.Row;

/**
 * SQL aggregate {@code LATEST_ITEM(item_id, version, rank, item)}: of the items that a group has
 * now, the one with the greatest rank, as {@code ROW<version, item>}. For a column group that
 * several rows of a source can set: the scans of a milestone, the declarations of a parcel.
 *
 * <p>Of each item the record with the greatest {@link Version} says how it is now; a rank of NULL
 * says that it is gone. Of equal ranks the greater id wins. The version of the result is the
 * greatest that any item of the group has, gone ones included, so it grows with each change; its
 * item is NULL when all are gone. So the result is a function of the latest record of each item,
 * whatever the order in which records come and however often.
 *
 * <p>Records without an id or a version are passed over. The state of a group is one record for
 * each item that it ever had.
 */
public final class LatestItem extends AggregateFunction<Row, LatestItem.State> {

  private static final int ID = 0;
  private static final int VERSION = 1;
  private static final int RANK = 2;
  private static final int ITEM = 3;

  /**
   * State of one group. A value and no map: a group has one item or a few, all of which each change
   * looks at, and a map's entries would each be found, cleaned and written by themselves.
   */
  public static final class State {

    /** The record with the greatest version of each item: its id, version, rank and item. */
    public Row[] records = {};
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
    Row record = Row.of(id, version, rank, rank == null ? null : item);
    int at = indexOf(state, id);
    if (at == state.records.length) {
      state.records = Arrays.copyOf(state.records, at + 1);
      state.records[at] = record;
    } else if (version >= version(state.records[at])) {
      state.records[at] = record;
    }
  }

  /** Takes a record back, unless a newer one of its item came. */
  public void retract(State state, Long id, Long version, Object rank, Object item) {
    if (id == null || version == null) {
      return;
    }
    int at = indexOf(state, id);
    if (at < state.records.length && version(state.records[at]) == version) {
      state.records =
          Arrays.stream(state.records).filter(record -> id(record) != id).toArray(Row[]::new);
    }
  }

  /** Adds what other states know. */
  public void merge(State state, Iterable<State> others) {
    for (State other : others) {
      for (Row record : other.records) {
        accumulate(
            state, id(record), version(record), record.getField(RANK), record.getField(ITEM));
      }
    }
  }

  @Override
  public Row getValue(State state) {
    if (state.records.length == 0) {
      return null;
    }
    long version = Long.MIN_VALUE;
    Row latest = null;
    for (Row record : state.records) {
      version = Math.max(version, version(record));
      if (isAfter(record, latest)) {
        latest = record;
      }
    }
    return Row.of(version, latest == null ? null : latest.getField(ITEM));
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
  private static boolean isAfter(Row record, Row latest) {
    if (record.getField(RANK) == null) {
      return false;
    }
    if (latest == null) {
      return true;
    }
    int order = ((Comparable<Object>) record.getField(RANK)).compareTo(latest.getField(RANK));
    return order == 0 ? id(record) > id(latest) : order > 0;
  }

  private static long id(Row record) {
    return (Long) record.getField(ID);
  }

  private static long version(Row record) {
    return (Long) record.getField(VERSION);
  }

  @Override
  public TypeInference getTypeInference(DataTypeFactory typeFactory) {
    return TypeInference.newBuilder()
        .inputTypeStrategy(
            InputTypeStrategies.sequence(
                InputTypeStrategies.explicit(DataTypes.BIGINT()),
                InputTypeStrategies.explicit(DataTypes.BIGINT()),
                InputTypeStrategies.and(
                    InputTypeStrategies.ANY,
                    InputTypeStrategies.constraint(
                        "The rank has a type with an order.",
                        types ->
                            Comparable.class.isAssignableFrom(types.get(2).getConversionClass()))),
                InputTypeStrategies.ANY))
        .accumulatorTypeStrategy(call -> Optional.of(stateType(call)))
        .outputTypeStrategy(call -> Optional.of(resultType(call)))
        .build();
  }

  private static DataType stateType(CallContext call) {
    DataType record =
        DataTypes.ROW(
            DataTypes.FIELD("id", DataTypes.BIGINT().notNull()),
            DataTypes.FIELD("version", DataTypes.BIGINT().notNull()),
            DataTypes.FIELD("rank", call.getArgumentDataTypes().get(2).nullable()),
            DataTypes.FIELD("item", call.getArgumentDataTypes().get(3).nullable()));
    return DataTypes.STRUCTURED(
        State.class,
        DataTypes.FIELD("records", DataTypes.ARRAY(record.notNull()).bridgedTo(Row[].class)));
  }

  private static DataType resultType(CallContext call) {
    return DataTypes.ROW(
        DataTypes.FIELD("version", DataTypes.BIGINT()),
        DataTypes.FIELD("item", call.getArgumentDataTypes().get(3).nullable()));
  }
}
