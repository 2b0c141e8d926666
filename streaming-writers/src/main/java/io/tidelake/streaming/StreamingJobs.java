package io.tidelake.streaming;

import io.tidelake.tables.FlinkSession;
import io.tidelake.tables.LakeCatalog;
import io.tidelake.tables.LakeConfig;
import io.tidelake.tables.LakeException;
import io.tidelake.tables.LakeHome;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.RuntimeExecutionMode;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.StateRecoveryOptions;
import org.apache.flink.core.fs.FileStatus;
import org.apache.flink.core.fs.FileSystem;
import org.apache.flink.core.fs.Path;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.table.api.StatementSet;
import org.apache.flink.table.api.ValidationException;
import org.apache.flink.table.api.bridge.java.StreamTableEnvironment;
import org.apache.paimon.catalog.Catalog;
import org.apache.paimon.catalog.CatalogFactory;
import org.apache.paimon.flink.action.CompactDatabaseAction;

/** Submits the streaming jobs of the configuration to a Flink cluster, embedded or not. */
public final class StreamingJobs {

  /** Name of the job that compacts all tables; it has no pipelines. */
  public static final String COMPACTION = "compaction";

  private final LakeHome home;
  private final LakeConfig config;

  /** The jobs of a configuration, on the cluster that it names. */
  public StreamingJobs(LakeHome home, LakeConfig config) {
    this.home = home;
    this.config = config;
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

  /**
   * The newest complete checkpoint or savepoint of a job.
   *
   * @return its folder; empty when there is none
   */
  public Optional<String> latestCheckpoint(String name) {
    try {
      Path folder = checkpoints(name);
      FileStatus newest = null;
      // Flink makes <job id>/chk-<n>/_metadata and, for savepoints, <savepoint>/_metadata.
      for (FileStatus metadata : metadataBelow(folder, 2)) {
        if (newest == null || metadata.getModificationTime() > newest.getModificationTime()) {
          newest = metadata;
        }
      }
      return Optional.ofNullable(newest).map(file -> file.getPath().getParent().toString());
    } catch (IOException e) {
      throw new LakeException(
          "CHECKPOINTS_UNREADABLE",
          "The checkpoints of " + name + " cannot be listed: " + e.getMessage(),
          "Check `cluster: checkpoints:` in conf/lake.yaml, now "
              + config.cluster().checkpoints()
              + ".",
          e);
    }
  }

  /**
   * Has a job forget all of its state: its checkpoints and savepoints are moved away, to where no
   * start looks. The job must not run.
   *
   * @param name a job of the configuration
   * @param folder name of a folder beside those of the jobs
   * @throws LakeException when they cannot be moved
   */
  public void moveCheckpoints(String name, String folder) {
    Path from = checkpoints(name);
    Path to = new Path(checkpoints(folder), name);
    try {
      FileSystem files = from.getFileSystem();
      if (files.exists(from)) {
        files.mkdirs(to.getParent());
        if (!files.rename(from, to)) {
          throw new IOException("the file system refused to rename it");
        }
      }
    } catch (IOException e) {
      throw new LakeException(
          "CHECKPOINTS_NOT_MOVED",
          from + " could not be moved to " + to + ": " + LakeException.rootMessage(e),
          "Make sure that this user can write " + config.cluster().checkpoints() + ".",
          e);
    }
  }

  /**
   * Deletes what {@link #moveCheckpoints} has moved.
   *
   * @param folder its name
   */
  public void deleteMovedCheckpoints(String folder) {
    Path moved = checkpoints(folder);
    try {
      moved.getFileSystem().delete(moved, true);
    } catch (IOException e) {
      throw new LakeException(
          "CHECKPOINTS_NOT_DELETED",
          moved + " could not be deleted: " + LakeException.rootMessage(e),
          "Delete it; nothing uses it any more.",
          e);
    }
  }

  private static List<FileStatus> metadataBelow(Path folder, int depth) throws IOException {
    FileSystem files = folder.getFileSystem();
    List<FileStatus> found = new ArrayList<>();
    if (!files.exists(folder)) {
      return found;
    }
    for (FileStatus child : files.listStatus(folder)) {
      if (child.isDir() && depth > 0) {
        found.addAll(metadataBelow(child.getPath(), depth - 1));
      } else if (child.getPath().getName().equals("_metadata")) {
        found.add(child);
      }
    }
    return found;
  }

  private Path checkpoints(String name) {
    String folder = config.cluster().checkpoints();
    return new Path(
        folder.contains("://")
            ? folder
            : java.nio.file.Path.of(folder).toAbsolutePath().toUri().toString(),
        name);
  }

  private JobID submit(String name, Optional<String> checkpoint) {
    LakeConfig.Job job = config.job(name);
    Configuration flink = configuration(name, job);
    if (checkpoint.isPresent()) {
      flink.set(StateRecoveryOptions.SAVEPOINT_PATH, checkpoint.get());
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
              + config.cluster().restAddress()
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
    try {
      return statements.execute().getJobClient().orElseThrow().getJobID();
    } catch (ValidationException e) {
      // What only shows when all inserts are planned together, as columns that do not match.
      throw Pipeline.invalid("One of the pipelines " + job.pipelines(), e);
    }
  }

  private JobID startCompaction(Configuration flink) throws Exception {
    StreamExecutionEnvironment environment = FlinkSession.environment(flink);
    // Divided: a topology per table. The combined mode leaves rows uncompacted for good
    // (docs/decisions.md).
    CompactDatabaseAction compaction =
        new CompactDatabaseAction(config.catalog()) {
          @Override
          protected Catalog initPaimonCatalog() {
            return CatalogFactory.createCatalog(LakeCatalog.context(catalogOptions.toMap()));
          }
        }.includingDatabases(config.database()).withDatabaseCompactMode("divided");
    compaction.withStreamExecutionEnvironment(environment);
    compaction.build();
    return environment.executeAsync(COMPACTION).getJobID();
  }

  private Configuration configuration(String name, LakeConfig.Job job) {
    Configuration flink = Configuration.fromMap(config.flink());
    flink.addAll(Configuration.fromMap(job.flink()));
    FlinkCluster.submitTo(config.cluster().restAddress(), flink);
    flink.set(PipelineOptions.NAME, name);
    flink.set(CheckpointingOptions.CHECKPOINTS_DIRECTORY, checkpoints(name).toString());
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
}
