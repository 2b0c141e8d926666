package io.tidelake.merge;

import java.util.Map;
import java.util.Optional;
import org.apache.flink.table.api.DataTypes;
import org.apache.flink.table.api.dataview.MapView;
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

  private static final int VERSION = 0;
  private static final int RANK = 1;
  private static final int ITEM = 2;

  /** State of one group. */
  public static final class State {

    /** The record with the greatest version of each item, by its id: version, rank and item. */
    public MapView<Long, Row> records = new MapView<>();
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
  public void accumulate(State state, Long id, Long version, Object rank, Object item)
      throws Exception {
    if (id == null || version == null) {
      return;
    }
    Row known = state.records.get(id);
    if (known == null || version >= version(known)) {
      state.records.put(id, Row.of(version, rank, rank == null ? null : item));
    }
  }

  /** Takes a record back, unless a newer one of its item came. */
  public void retract(State state, Long id, Long version, Object rank, Object item)
      throws Exception {
    if (id == null || version == null) {
      return;
    }
    Row known = state.records.get(id);
    if (known != null && version(known) == version) {
      state.records.remove(id);
    }
  }

  /** Adds what other states know. */
  public void merge(State state, Iterable<State> others) throws Exception {
    for (State other : others) {
      for (Map.Entry<Long, Row> entry : other.records.entries()) {
        Row record = entry.getValue();
        accumulate(
            state, entry.getKey(), version(record), record.getField(RANK), record.getField(ITEM));
      }
    }
  }

  @Override
  public Row getValue(State state) {
    long version = Long.MIN_VALUE;
    long latestId = 0;
    Row latest = null;
    try {
      for (Map.Entry<Long, Row> entry : state.records.entries()) {
        Row record = entry.getValue();
        version = Math.max(version, version(record));
        if (isAfter(record, entry.getKey(), latest, latestId)) {
          latest = record;
          latestId = entry.getKey();
        }
      }
      return state.records.isEmpty()
          ? null
          : Row.of(version, latest == null ? null : latest.getField(ITEM));
    } catch (Exception e) {
      throw new IllegalStateException("The state of LATEST_ITEM cannot be read", e);
    }
  }

  @SuppressWarnings("unchecked")
  private static boolean isAfter(Row record, long id, Row latest, long latestId) {
    if (record.getField(RANK) == null) {
      return false;
    }
    if (latest == null) {
      return true;
    }
    int order = ((Comparable<Object>) record.getField(RANK)).compareTo(latest.getField(RANK));
    return order == 0 ? id > latestId : order > 0;
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
            DataTypes.FIELD("version", DataTypes.BIGINT().notNull()),
            DataTypes.FIELD("rank", call.getArgumentDataTypes().get(2).nullable()),
            DataTypes.FIELD("item", call.getArgumentDataTypes().get(3).nullable()));
    return DataTypes.STRUCTURED(
        State.class,
        DataTypes.FIELD(
            "records", MapView.newMapViewDataType(DataTypes.BIGINT().notNull(), record.notNull())));
  }

  private static DataType resultType(CallContext call) {
    return DataTypes.ROW(
        DataTypes.FIELD("version", DataTypes.BIGINT()),
        DataTypes.FIELD("item", call.getArgumentDataTypes().get(3).nullable()));
  }
}
