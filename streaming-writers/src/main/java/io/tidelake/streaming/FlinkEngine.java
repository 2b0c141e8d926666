package io.tidelake.streaming;

import io.tidelake.tables.FlinkSession;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;

/**
 * The embedded engine: a Flink session cluster in one JVM, with the REST address and the web page
 * of a real one, so that jobs are submitted to it in the same way.
 */
public final class FlinkEngine implements AutoCloseable {

  private static final long STOP_SECONDS = 20;

  private final MiniCluster cluster;

  private FlinkEngine(MiniCluster cluster) {
    this.cluster = cluster;
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

  /** Its REST address, {@code host:port}. */
  public String restAddress() throws Exception {
    URI address = cluster.getRestAddress().get(STOP_SECONDS, TimeUnit.SECONDS);
    return address.getHost() + ":" + address.getPort();
  }

  @Override
  public void close() throws Exception {
    cluster.closeAsync().get(STOP_SECONDS, TimeUnit.SECONDS);
  }
}
