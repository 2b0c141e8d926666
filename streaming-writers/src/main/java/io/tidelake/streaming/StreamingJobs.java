package io.tidelake.streaming;

import io.tidelake.tables.FlinkSession;
import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeException;
import io.tidelake.tables.LakeHome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.DeploymentOptions;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.paimon.flink.action.CompactDatabaseAction;

/** Submits the streaming jobs of the configuration to a Flink cluster, embedded or not. */
public final class StreamingJobs {

  /** Name of the job that compacts all tables; it has no pipelines. */
  public static final String COMPACTION = "compaction";

  private final LakeHome home;
  private final LakeConfig config;
  private final String restHost;
  private final int restPort;
  private final Path checkpoints;

  /**
   * @param restHost host of Flink's REST address
   * @param restPort port of Flink's REST address
   * @param checkpoints folder in which every job keeps its checkpoints; the cluster must reach it
   */
  public StreamingJobs(
      LakeHome home, LakeConfig config, String restHost, int restPort, Path checkpoints) {
    this.home = home;
    this.config = config;
    this.restHost = restHost;
    this.restPort = restPort;
    this.checkpoints = checkpoints;
  }

  /**
   * Starts a job where its newest checkpoint left off, or from nothing when it has none.
   *
   * @param name a job of the configuration
   * @throws LakeException when its SQL does not fit the tables or the cluster refuses it
   */
  public JobID start(String name) {
    return submit(name, latestCheckpoint(name));
  }

  /**
   * Starts a job from the tables alone, whatever checkpoints it has. Rows that its pipelines would
   * not yield any more are deleted first.
   *
   * @param name a job of the configuration
   * @throws LakeException when its SQL does not fit the tables or the cluster refuses it
   */
  public JobID startFromNothing(String name) {
    return submit(name, Optional.empty());
  }

  /** Folder of the newest complete checkpoint of a job. */
  public Optional<Path> latestCheckpoint(String name) {
    Path folder = checkpoints.resolve(name);
    if (!Files.isDirectory(folder)) {
      return Optional.empty();
    }
    try (Stream<Path> files = Files.find(folder, 3, (file, a) -> file.endsWith("_metadata"))) {
      return files.max(Comparator.comparing(StreamingJobs::modified)).map(Path::getParent);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot list the checkpoints in " + folder, e);
    }
  }

  private JobID submit(String name, Optional<Path> checkpoint) {
    LakeConfig.Job job = config.job(name);
    Configuration flink = configuration(name, job);
    if (checkpoint.isPresent()) {
      flink.set(StateRecoveryOptions.SAVEPOINT_PATH, checkpoint.get().toUri().toString());
    } else {
      new Reconciliation(home, config).run(job).forEach(flink::setString);
    }
    try {
      return name.equals(COMPACTION) ? startCompaction(flink) : startPipelines(job, flink);
    } catch (LakeException e) {
      throw e;
    } catch (Exception e) {
      throw new LakeException(
          "JOB_NOT_STARTED",
          "The job "
              + name
              + " could not be started on "
              + restHost
              + ":"
              + restPort
              + ": "
              + LakeException.rootMessage(e),
          "Check that the Flink cluster runs and has free slots; --debug shows the whole error.",
          e);
    }
  }

  private JobID startPipelines(LakeConfig.Job job, Configuration flink) {
    StreamTableEnvironment session =
        FlinkSession.open(config, RuntimeExecutionMode.STREAMING, flink);
    Pipeline.createSources(home, config, session);
    StatementSet statements = session.createStatementSet();
    job.pipelines()
        .forEach(pipeline -> Pipeline.read(home, config, pipeline).addTo(statements, session));
    return statements.execute().getJobClient().orElseThrow().getJobID();
  }

  private JobID startCompaction(Configuration flink) throws Exception {
    StreamExecutionEnvironment environment = FlinkSession.environment(flink);
    // Divided: a topology per table. The combined mode leaves rows uncompacted for good
    // (docs/decisions.md).
    CompactDatabaseAction compaction =
        new CompactDatabaseAction(config.catalog())
            .includingDatabases(config.database())
            .withDatabaseCompactMode("divided");
    compaction.withStreamExecutionEnvironment(environment);
    compaction.build();
    return environment.executeAsync(COMPACTION).getJobID();
  }

  private Configuration configuration(String name, LakeConfig.Job job) {
    Configuration flink = Configuration.fromMap(config.flink());
    flink.addAll(Configuration.fromMap(job.flink()));
    flink.set(DeploymentOptions.TARGET, "remote");
    flink.set(RestOptions.ADDRESS, restHost);
    flink.set(RestOptions.PORT, restPort);
    flink.set(PipelineOptions.NAME, name);
    flink.set(
        CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints.resolve(name).toUri().toString());
    flink.set(
        CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
        ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
    job.tableOptions()
        .forEach(
            (table, options) ->
                options.forEach(
                    (option, value) ->
                        flink.setString(FlinkSession.tableOption(config, table, option), value)));
    return flink;
  }

  private static long modified(Path file) {
    return file.toFile().lastModified();
  }
}
