/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.demo;

import io.tidelake.stack.StackOptions;
import io.tidelake.workload.WorkloadOptions;
import java.nio.file.Path;

/**
 * What the demo does.
 *
 * @param workload what the order system writes
 * @param rate row changes a second
 * @param metastore where Paimon keeps its tables' names
 * @param workDir where everything lies
 * @param keep whether the work directory stays afterwards
 */
public record DemoOptions(
    WorkloadOptions workload,
    double rate,
    StackOptions.Metastore metastore,
    Path workDir,
    boolean keep) {}
