/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.stack;

import io.tidelake.stack.server.LoseRows;
import java.nio.file.Path;
import java.util.Optional;

/**
 * How a local stack is started.
 *
 * @param project the file of the project that it runs for
 * @param engineHeap maximum heap of the Flink engine, for example {@code 2g}
 * @param lostRows which part of the fact rows change capture loses with all their events, see
 *     {@link LoseRows}: 0 (none) to less than 1. The same work directory should always be started
 *     with the same fraction: a row that is lost from now on only is one that real time knows by
 *     halves.
 * @param metastore where Paimon keeps its tables' names
 * @param trinoJdk folder of the JDK for Trino; empty for a stack without Trino
 */
public record StackOptions(
    Path project,
    String engineHeap,
    double lostRows,
    Metastore metastore,
    Optional<Path> trinoJdk) {

  /** The maximum heap of the Flink engine of {@code lake up}. */
  public static final String ENGINE_HEAP = "3g";

  /** Paimon's metastores; named as its catalog option {@code metastore} does. */
  public enum Metastore {
    /** The folders of the warehouse. */
    filesystem,
    /** The stack's Hive Metastore. */
    hive
  }

  public StackOptions {
    if (!LoseRows.isFraction(lostRows)) {
      throw new IllegalArgumentException("0 or more and less than 1 can be lost, not " + lostRows);
    }
  }

  /** A stack that loses nothing, with its tables in folders and without Trino. */
  public static StackOptions of(Path project, String engineHeap) {
    return new StackOptions(project, engineHeap, 0, Metastore.filesystem, Optional.empty());
  }
}
