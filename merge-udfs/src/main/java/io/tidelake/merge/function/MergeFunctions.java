/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.merge.function;

import io.tidelake.merge.function.aggregate.CumulativeTotal;
import io.tidelake.merge.function.aggregate.Latest;
import io.tidelake.merge.function.aggregate.LatestItem;
import io.tidelake.merge.function.aggregate.LatestNonNull;
import io.tidelake.merge.function.aggregate.PreferRealtime;
import io.tidelake.merge.function.version.CorrectionVersion;
import io.tidelake.merge.function.version.DescribeVersion;
import io.tidelake.merge.function.version.RealtimeVersion;
import io.tidelake.merge.function.version.SnapshotVersion;
import io.tidelake.merge.function.version.VersionIfAny;
import io.tidelake.merge.function.version.VersionOrigin;
import io.tidelake.merge.function.version.VersionTime;
import org.apache.flink.table.api.TableEnvironment;

/** The SQL functions of the merge law. */
public final class MergeFunctions {

  private MergeFunctions() {}

  /** Makes the functions known to a session, in streaming and in batch. */
  public static void register(TableEnvironment environment) {
    environment.createTemporarySystemFunction("REALTIME_VERSION", RealtimeVersion.class);
    environment.createTemporarySystemFunction("SNAPSHOT_VERSION", SnapshotVersion.class);
    environment.createTemporarySystemFunction("CORRECTION_VERSION", CorrectionVersion.class);
    environment.createTemporarySystemFunction("VERSION_IF_ANY", VersionIfAny.class);
    environment.createTemporarySystemFunction("VERSION_ORIGIN", VersionOrigin.class);
    environment.createTemporarySystemFunction("VERSION_TIME", VersionTime.class);
    environment.createTemporarySystemFunction("DESCRIBE_VERSION", DescribeVersion.class);
    environment.createTemporarySystemFunction("PREFER_REALTIME", PreferRealtime.class);
    environment.createTemporarySystemFunction("LATEST", Latest.class);
    environment.createTemporarySystemFunction("LATEST_NON_NULL", LatestNonNull.class);
    environment.createTemporarySystemFunction("LATEST_ITEM", LatestItem.class);
    environment.createTemporarySystemFunction("CUMULATIVE_TOTAL", CumulativeTotal.class);
  }
}
