/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.streaming.job;

import io.tidelake.tables.flink.FlinkSession;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.flink.annotation.VisibleForTesting;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The embedded engine: a Flink session cluster in one JVM, with the REST address and the web page
 * of a real one, so that jobs are submitted to it in the same way.
 */
public final class FlinkEngine implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FlinkEngine.class);
  private static final long STOP_SECONDS = 20;
  private static final long LOOK_EVERY_SECONDS = 2;
  private static final Duration COMES_WITHIN = Duration.ofSeconds(10);

  private final MiniCluster cluster;

  /**
   * Until when a task manager that was started is waited for. A time and not its being seen, since
   * a task that is restarted on it can end it between two looks.
   */
  private volatile Instant comesUntil = Instant.now().plus(COMES_WITHIN);

  /** Number of the newest task manager in the cluster, counted from 0. */
  private final AtomicInteger newest = new AtomicInteger();

  private final ScheduledExecutorService supervisor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "task manager's supervisor");
            thread.setDaemon(true);
            return thread;
          });

  private FlinkEngine(MiniCluster cluster) {
    this.cluster = cluster;
    // It lets no exception out, after which it would not be called any more.
    Future<?> unused =
        supervisor.scheduleWithFixedDelay(
            this::superviseTaskManager, LOOK_EVERY_SECONDS, LOOK_EVERY_SECONDS, TimeUnit.SECONDS);
  }

  /**
   * Starts an engine on the loopback interface.
   *
   * @param restPort port of the REST address; 0 for any free one
   * @param slots how many parallel tasks it takes
   * @throws Exception when it cannot start
   */
  public static FlinkEngine start(int restPort, int slots) throws Exception {
    Configuration configuration = new Configuration();
    FlinkSession.keepToThisMachine(configuration);
    configuration.set(RestOptions.BIND_PORT, String.valueOf(restPort));
    configuration.set(RestOptions.PORT, restPort);
    // Every class is on the class path of the process; a job brings no jar of its own.
    configuration.setString("classloader.resolve-order", "parent-first");
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MIN, MemorySize.ofMebiBytes(192));
    configuration.set(TaskManagerOptions.NETWORK_MEMORY_MAX, MemorySize.ofMebiBytes(192));
    configuration.set(TaskManagerOptions.MEMORY_SEGMENT_SIZE, MemorySize.parse("8 kb"));
    configuration.set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MemorySize.ofMebiBytes(256));
    MiniCluster cluster =
        new MiniCluster(
            new MiniClusterConfiguration.Builder()
                .setConfiguration(configuration)
                .setNumTaskManagers(1)
                .setNumSlotsPerTaskManager(slots)
                .build());
    cluster.start();
    return new FlinkEngine(cluster);
  }

  /**
   * Starts a task manager when the last one has gone: one that met a fatal error has ended, and in
   * a cluster of one's own something starts it again, too. For example an operator of Paimon's
   * compaction that is cancelled before it was opened throws while it closes, which Flink takes for
   * fatal.
   */
  private void superviseTaskManager() {
    try {
      if (!cluster.isRunning()) {
        return;
      }
      if (taskManagers() == 0 && Instant.now().isAfter(comesUntil)) {
        LOG.warn("The task manager has ended; another one is started");
        comesUntil = Instant.now().plus(COMES_WITHIN);
        cluster.startTaskManager();
        newest.incrementAndGet();
      }
    } catch (Exception e) {
      LOG.warn("The task manager cannot be looked after now", e);
    }
  }

  @VisibleForTesting
  int taskManagers() throws Exception {
    return cluster
        .requestClusterOverview()
        .get(STOP_SECONDS, TimeUnit.SECONDS)
        .getNumTaskManagersConnected();
  }

  /** Ends the newest task manager as a fatal error would. */
  @VisibleForTesting
  void endTaskManager() throws Exception {
    cluster.terminateTaskManager(newest.get()).get(STOP_SECONDS, TimeUnit.SECONDS);
  }

  /** Its REST address, {@code host:port}. */
  public String restAddress() throws Exception {
    URI address = cluster.getRestAddress().get(STOP_SECONDS, TimeUnit.SECONDS);
    return address.getHost() + ":" + address.getPort();
  }

  @Override
  public void close() throws Exception {
    supervisor.shutdownNow();
    cluster.closeAsync().get(STOP_SECONDS, TimeUnit.SECONDS);
  }
}
