/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.changelog;

import io.tidelake.merge.law.Version;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.table.data.GenericRowData;
import org.apache.flink.table.data.RowData;
import org.apache.flink.util.Collector;

/**
 * Gives each change its real-time version, in the order of the log: a logical clock for each
 * partition of the topic, never below the commit time of the change and always above the version
 * before it ({@link Version#inLog}). The changes of one row are in one partition, in the order in
 * which the source committed them, so the later of two has the greater version, whatever the source
 * wrote into its columns.
 *
 * <p>Its state is one number a partition. Without it the clock begins with the first change that is
 * read. A whole replay gives each change the version that it had, since that depends on nothing but
 * the log. A replay of a topic that has lost its beginning gives versions that are never greater,
 * and the same from the first commit time on that is later than all those before it: what the table
 * has stays, and what comes is ordered after it.
 */
final class LogClock extends ProcessFunction<RowData, RowData> implements CheckpointedFunction {

  private static final long serialVersionUID = 1L;

  private final int arity;
  private final int versionAt;

  private transient Map<Integer, Long> versions;
  private transient ListState<Tuple2<Integer, Long>> state;

  /**
   * A clock over what {@link ChangeEventDecoder} emits: rows with two more fields, the partition
   * and the commit time in microseconds since 1970.
   *
   * @param columns how many columns the source table has
   * @param metadata what follows them
   */
  LogClock(int columns, List<ChangeEventMetadata> metadata) {
    this.arity = columns + metadata.size();
    int version = metadata.indexOf(ChangeEventMetadata.ROW_VERSION);
    this.versionAt = version < 0 ? -1 : columns + version;
  }

  @Override
  public void processElement(RowData event, Context context, Collector<RowData> out) {
    GenericRowData ordered = new GenericRowData(arity);
    for (int i = 0; i < arity; i++) {
      ordered.setField(i, ((GenericRowData) event).getField(i));
    }
    if (versionAt >= 0) {
      long version = next(event.getInt(arity), event.getLong(arity + 1));
      ordered.setField(versionAt, version);
    }
    out.collect(ordered);
  }

  private long next(int partition, long committedMicros) {
    Long previous = versions.get(partition);
    long version =
        previous == null
            ? Version.realTime(committedMicros, 0)
            : Version.inLog(committedMicros, previous);
    versions.put(partition, version);
    return version;
  }

  @Override
  public void initializeState(FunctionInitializationContext context) throws Exception {
    // Each partition may be read by any task after a restart, so each gets all clocks.
    state =
        context
            .getOperatorStateStore()
            .getUnionListState(
                new ListStateDescriptor<>("versions", Types.TUPLE(Types.INT, Types.LONG)));
    versions = new HashMap<>();
    for (Tuple2<Integer, Long> clock : state.get()) {
      versions.merge(clock.f0, clock.f1, Math::max);
    }
  }

  @Override
  public void snapshotState(FunctionSnapshotContext context) throws Exception {
    state.clear();
    for (Map.Entry<Integer, Long> clock : versions.entrySet()) {
      state.add(Tuple2.of(clock.getKey(), clock.getValue()));
    }
  }
}
