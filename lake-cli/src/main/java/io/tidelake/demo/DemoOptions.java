package io.tidelake.demo;

import java.nio.file.Path;

/**
 * What the demo does.
 *
 * @param orders trade orders that the order system takes; each makes about 17 row changes
 * @param rate row changes a second
 * @param seed seed of the workload
 * @param workDir where everything lies
 * @param keep whether the work directory stays afterwards
 */
public record DemoOptions(int orders, double rate, long seed, Path workDir, boolean keep) {}
