/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack;

import io.tidelake.stack.server.CaptureWorker;
import io.tidelake.stack.server.HiveMetastoreServer;
import io.tidelake.stack.server.KafkaBroker;
import io.tidelake.stack.server.TrinoServer;
import java.util.stream.Stream;
import org.apache.flink.configuration.MemorySize;

/** How much memory the servers of {@code lake up} may take. */
public final class StackMemory {

  private StackMemory() {}

  /**
   * The sum of their largest heaps, in bytes. Few fill theirs; what a JVM needs beside its heap,
   * and the database, come on top.
   */
  public static long ofHeaps(boolean withTrino) {
    return Stream.concat(
            Stream.of(
                StackOptions.ENGINE_HEAP,
                KafkaBroker.HEAP,
                CaptureWorker.HEAP,
                HiveMetastoreServer.HEAP,
                PublisherServer.HEAP),
            withTrino ? Stream.of(TrinoServer.HEAP) : Stream.empty())
        .mapToLong(heap -> MemorySize.parse(heap).getBytes())
        .sum();
  }
}
