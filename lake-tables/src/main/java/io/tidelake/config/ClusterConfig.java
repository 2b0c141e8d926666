/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.config;

/**
 * Where streaming jobs run.
 *
 * @param restAddress {@code host:port} of the Flink cluster's REST address
 * @param checkpoints folder of all checkpoints, on any file system that the cluster reaches
 */
public record ClusterConfig(
    @Setting(value = "REST address of the Flink cluster.", example = "flink:8081")
        String restAddress,
    @Setting("Folder of all checkpoints, on any file system that the cluster reaches.")
        String checkpoints) {}
