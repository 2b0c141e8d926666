/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.tables.flink;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Settings with which the jobs of a project are quick in tests. */
public final class QuickJobs {

  private QuickJobs() {}

  /** Of batch jobs: generated code of wide tables is not parsed again to be split. */
  public static Map<String, String> settings() {
    return settings(List.of());
  }

  /**
   * The same, and of streams: a row passes six commits on its way to the last layer, and a test
   * waits for each of them.
   *
   * @param streams names of the streaming jobs
   */
  public static Map<String, String> settings(Collection<String> streams) {
    Map<String, String> settings = new HashMap<>();
    settings.put("flink/table.generated-code.max-length", "1000000");
    if (!streams.isEmpty()) {
      settings.put("flink/execution.checkpointing.min-pause", "100 ms");
    }
    for (String job : streams) {
      settings.put("jobs/%s/flink/execution.checkpointing.interval".formatted(job), "300 ms");
    }
    return settings;
  }
}
