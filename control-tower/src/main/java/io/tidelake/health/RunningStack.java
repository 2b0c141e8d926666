/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.health;

import java.util.Map;

/**
 * The local stack, as a check sees it.
 *
 * @param workDir its folder
 * @param ready whether everything is there; until then servers may lack
 * @param ports the port of each of its servers on this machine, by name
 */
public record RunningStack(String workDir, boolean ready, Map<String, Integer> ports) {}
