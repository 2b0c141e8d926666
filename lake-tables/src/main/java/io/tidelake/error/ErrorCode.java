/*
 * Copyright 2026 The Tidelake authors
 * SPDX-License-Identifier: Apache-2.0
 */
package io.tidelake.error;

import static io.tidelake.error.ErrorCode.Area.BACKFILL;
import static io.tidelake.error.ErrorCode.Area.COMMAND;
import static io.tidelake.error.ErrorCode.Area.HEALTH;
import static io.tidelake.error.ErrorCode.Area.JOBS;
import static io.tidelake.error.ErrorCode.Area.PUBLISHING;
import static io.tidelake.error.ErrorCode.Area.QUERIES;
import static io.tidelake.error.ErrorCode.Area.SOURCE;
import static io.tidelake.error.ErrorCode.Area.STACK;
import static io.tidelake.error.ErrorCode.Area.TABLES;
import static io.tidelake.error.ErrorCode.Kind.FAILED;
import static io.tidelake.error.ErrorCode.Kind.REFUSED;

/**
 * What can go wrong: a stable name for programs, whether it is worth repeating, and what it means.
 * docs/errors.md is made of them. In each area they are in alphabetical order.
 */
public enum ErrorCode {
  // The command and its configuration
  ADDRESS_INVALID(COMMAND, REFUSED, "An address is not written as host:port."),
  CONFIG_INVALID(
      COMMAND,
      REFUSED,
      "The configuration has a setting that does not exist, or a value that it cannot have."),
  CONFIG_UNREADABLE(COMMAND, REFUSED, "The file of the configuration cannot be read."),
  CONFIRMATION_MISSING(
      COMMAND, REFUSED, "The command would destroy something, and there is nobody to ask."),
  FILE_NOT_UTF8(COMMAND, REFUSED, "A file of the project is in another encoding."),
  INSTALLATION_UNKNOWN(COMMAND, REFUSED, "Nothing says where Tidelake itself lies."),
  INTERRUPTED(COMMAND, FAILED, "The command was interrupted."),
  MAINTAIN_INVALID(COMMAND, REFUSED, "Maintenance would drop what streams still need."),
  PROJECT_EXISTS(COMMAND, REFUSED, "A new project would write over files."),
  PROJECT_NOT_FOUND(COMMAND, REFUSED, "There is no project where it was looked for."),
  SQL_FILE_UNREADABLE(COMMAND, REFUSED, "An SQL file cannot be read."),
  SQL_PARAMETER_UNKNOWN(COMMAND, REFUSED, "An SQL file has a parameter without a value."),
  UNEXPECTED(COMMAND, FAILED, "An error that nobody has foreseen."),

  // Tables
  CATALOG_UNAVAILABLE(TABLES, FAILED, "The catalog of the lake cannot be opened."),
  CATALOG_UNSAFE(
      TABLES, REFUSED, "Nothing would order the commits to a warehouse in an object store."),
  METASTORE_NOT_CONFIGURED(TABLES, REFUSED, "The configuration has no Hive Metastore."),
  METASTORE_UNAVAILABLE(TABLES, FAILED, "The Hive Metastore does not answer."),
  OPS_TABLE_FAILED(TABLES, FAILED, "A table of the lake's own records cannot be read or written."),
  TABLES_FOLDER_MISSING(TABLES, REFUSED, "The project has no folder of table definitions."),
  TABLES_MISSING(TABLES, REFUSED, "The lake has no tables, or lacks some."),
  TABLE_BREAKS_MERGE_LAW(
      TABLES,
      REFUSED,
      "The content of a table would depend on the order in which its records arrive."),
  TABLE_CHANGE_DESTRUCTIVE(TABLES, REFUSED, "A change of a table would lose data."),
  TABLE_CHANGE_FAILED(TABLES, FAILED, "A table could not be changed."),
  TABLE_CHANGE_IMPOSSIBLE(TABLES, REFUSED, "A table cannot be changed into what its file says."),
  TABLE_EMPTY(TABLES, REFUSED, "Nothing was written into the table yet."),
  TABLE_FILE_INVALID(TABLES, REFUSED, "The file of a table is not valid."),
  TABLE_TWICE(TABLES, REFUSED, "Two files define tables of one name."),
  TABLE_UNKNOWN(TABLES, REFUSED, "The lake has no table of this name."),
  TABLE_UNREADABLE(TABLES, FAILED, "The files of a table cannot be read."),
  TAG_EXISTS(TABLES, REFUSED, "The table has a tag of this name already."),
  TAG_INVALID(TABLES, REFUSED, "The name cannot be that of a tag."),
  TAG_MISSING(TABLES, REFUSED, "A tag is to be deleted, and none is named."),
  TAG_RESERVED(TABLES, REFUSED, "Only the lake itself makes and deletes tags of this name."),
  TAG_UNKNOWN(TABLES, REFUSED, "The table has no tag of this name."),
  VIEW_NOT_STREAMABLE(
      TABLES, REFUSED, "A stream cannot read the clean view of a table that has no changelog."),
  VIEW_UNKNOWN(TABLES, REFUSED, "The table has no clean view."),

  // The source, change capture and Kafka
  CAPTURE_BEHIND(SOURCE, FAILED, "Change capture has not read the log again in time."),
  CAPTURE_FAILED(SOURCE, FAILED, "Change capture has failed."),
  CAPTURE_STANDS_STILL(SOURCE, FAILED, "Change capture has not done in time what it was told."),
  CAPTURE_STUCK(
      SOURCE, REFUSED, "Change capture cannot go on, and changes of all tables are missing."),
  CAPTURE_UNREACHABLE(SOURCE, FAILED, "Change capture does not answer."),
  CONDITION_INVALID(SOURCE, REFUSED, "The source database does not understand a condition."),
  DELETIONS_NOT_FOUND(SOURCE, FAILED, "Rows that the source has deleted could not be marked."),
  KAFKA_SILENT(SOURCE, FAILED, "Kafka does not hand out all messages of a topic."),
  KAFKA_UNREACHABLE(SOURCE, FAILED, "Kafka does not answer."),
  NO_REREAD(SOURCE, REFUSED, "No source table is being read again."),
  NO_SOURCE_TABLES(SOURCE, REFUSED, "No file of the project describes a source table."),
  ORDER_NOT_SENT(SOURCE, FAILED, "Kafka has not taken an order for change capture."),
  REPLAY_FAILED(SOURCE, FAILED, "Dead letters could not be replayed."),
  REREAD_ABANDONED(SOURCE, REFUSED, "The reading of source tables was given up."),
  REREAD_FAILED(SOURCE, FAILED, "Change capture could not read some source tables again."),
  REREAD_NOT_CONFIGURED(
      SOURCE, FAILED, "Change capture is not set up for reading tables again, or Kafka is away."),
  REREAD_RUNNING(SOURCE, FAILED, "A reading of source tables is not over."),
  REREAD_STANDS_STILL(SOURCE, FAILED, "A reading of source tables comes no further."),
  REREAD_STOPPED(SOURCE, REFUSED, "The reading of source tables was stopped."),
  SOURCE_DATABASE_UNKNOWN(
      SOURCE, REFUSED, "The configuration does not say where the source database is."),
  SOURCE_DATABASE_UNREACHABLE(SOURCE, FAILED, "The source database does not answer."),
  SOURCE_FILE_INVALID(SOURCE, REFUSED, "The file of a source table is not valid."),
  SOURCE_PLACE_LOST(
      SOURCE, REFUSED, "Kafka no longer has events that a job has not read: changes are missing."),
  SOURCE_STATEMENT_REFUSED(
      SOURCE, REFUSED, "The database of the local stack refuses a statement of the project."),
  SOURCE_TABLE_MISSING(
      SOURCE, REFUSED, "The source database lacks a table that a source file describes."),
  SOURCE_TABLE_UNFIT(SOURCE, REFUSED, "A table of the source cannot be captured."),
  SOURCE_TABLE_UNKNOWN(SOURCE, REFUSED, "No source file describes a table of this name."),
  SOURCE_UNFIT(SOURCE, REFUSED, "Change capture would lose changes of the source database."),
  TOPIC_MISSING(SOURCE, FAILED, "Kafka has no topic of a source table."),

  // Jobs and pipelines
  CHANGES_UNORDERED(
      JOBS, REFUSED, "Changes of a table without versions would reach it in any order."),
  CHECKPOINTS_NOT_DELETED(
      JOBS, FAILED, "Checkpoints that nothing uses any more could not be deleted."),
  CHECKPOINTS_NOT_WRITTEN(JOBS, FAILED, "The folder of a job's checkpoints cannot be changed."),
  CHECKPOINTS_UNREADABLE(JOBS, FAILED, "The folder of a job's checkpoints cannot be read."),
  DRILL_NOT_FINISHED(JOBS, FAILED, "The drill was not finished."),
  ENGINE_NOT_STARTED(JOBS, FAILED, "The embedded Flink engine did not start."),
  FLINK_REFUSED(JOBS, FAILED, "Flink has refused a request."),
  FLINK_UNREACHABLE(JOBS, FAILED, "Flink does not answer."),
  JOBS_NOT_READY(JOBS, FAILED, "Jobs have not completed a checkpoint in time."),
  JOB_FAILED(JOBS, FAILED, "A job has failed, or fails again and again."),
  JOB_NOT_RUNNING(JOBS, REFUSED, "No job of this name runs on the cluster."),
  JOB_NOT_STARTED(JOBS, FAILED, "A job could not be started."),
  JOB_NOT_STOPPED(JOBS, FAILED, "A job has not ended in time."),
  JOB_RUNNING(JOBS, REFUSED, "The job runs already."),
  JOB_UNKNOWN(JOBS, REFUSED, "The configuration has no job of this name."),
  LAYERS_NOT_LEVEL(JOBS, FAILED, "The layers have not become level in time."),
  LINEAGE_FAILED(JOBS, FAILED, "The lineage of tables could not be read."),
  PIPELINE_CYCLE(JOBS, REFUSED, "Tables are made from each other."),
  PIPELINE_INVALID(JOBS, REFUSED, "The file of a pipeline is not valid."),
  RECONCILIATION_FAILED(
      JOBS, FAILED, "Rows that vanished while a job was down could not be deleted."),
  REPAIR_FAILED(JOBS, FAILED, "A repair has failed."),
  SAVEPOINT_FAILED(JOBS, FAILED, "A savepoint could not be written."),

  // Backfills, closed days and schedules
  AS_OF_IN_FUTURE(BACKFILL, REFUSED, "The as-of lies after now."),
  ATTEMPTS_EXHAUSTED(BACKFILL, REFUSED, "There are no attempts left over this as-of."),
  BACKFILL_FAILED(BACKFILL, FAILED, "A backfill could not write all partitions."),
  BACKFILL_TARGET_PARTITIONS(
      BACKFILL, REFUSED, "A table with several partition columns cannot be backfilled."),
  BACKFILL_TARGET_WITHOUT_VERSIONS(
      BACKFILL, REFUSED, "A table without versions cannot be backfilled."),
  CLOSED_DAYS_CONTESTED(
      BACKFILL, FAILED, "Others have written closed days while they were recomputed."),
  CLOSED_DAYS_FAILED(BACKFILL, FAILED, "Closed days could not be recomputed."),
  CLOSED_DAYS_UNSUPPORTED(
      BACKFILL, REFUSED, "Batch jobs cannot recompute the closed days of the table."),
  COMPARISON_FAILED(BACKFILL, FAILED, "Two states of a table could not be compared."),
  COUNTING_FAILED(BACKFILL, FAILED, "What a backfill has changed could not be counted."),
  DAYS_MISSING(BACKFILL, FAILED, "The snapshot has no rows of a day that was asked for."),
  DAYS_WITHOUT_PARTITIONS(
      BACKFILL, REFUSED, "The table has no partitions, so there are no days to choose."),
  DAY_INVALID(BACKFILL, REFUSED, "A day is not written as yyyy-MM-dd."),
  HIVE_TABLE_INVALID(BACKFILL, REFUSED, "The name is not one of a table of a Hive Metastore."),
  HIVE_TABLE_UNKNOWN(BACKFILL, REFUSED, "The Hive Metastore has no table of this name."),
  HIVE_TABLE_UNREADABLE(BACKFILL, FAILED, "The Hive table cannot be read as a snapshot."),
  INPUT_UNKNOWN(BACKFILL, REFUSED, "What was named is no snapshot."),
  LOCK_LOST(BACKFILL, FAILED, "Somebody has given the run up, or goes on with it."),
  MAPPING_INVALID(BACKFILL, REFUSED, "The mapping does not fit the snapshot or the table."),
  MAPPING_UNKNOWN(BACKFILL, REFUSED, "There is no mapping of this name."),
  NOTHING_TO_UNDO(
      BACKFILL, REFUSED, "The run wrote nothing, or is undone, or is in force already."),
  PARTITION_LOCKED(BACKFILL, FAILED, "Another run is writing the partition."),
  REJECT_LIMIT(BACKFILL, REFUSED, "More rows of the snapshot are rejected than the limit allows."),
  RUN_DONE(BACKFILL, REFUSED, "The run is done already."),
  RUN_NOT_OVER(BACKFILL, FAILED, "The run is not over."),
  RUN_UNKNOWN(BACKFILL, REFUSED, "There is no run of this id."),
  SCHEDULER_RUNNING(BACKFILL, REFUSED, "A scheduler of this project runs already."),
  SCHEDULES_MISSING(BACKFILL, REFUSED, "The configuration has no schedules."),
  SCHEDULE_INVALID(BACKFILL, REFUSED, "A schedule cannot be run."),
  SCRATCH_UNUSABLE(BACKFILL, FAILED, "No temporary folder could be made."),
  SNAPSHOT_EMPTY(BACKFILL, FAILED, "The snapshot has no rows that could be written."),
  SNAPSHOT_UNREADABLE(BACKFILL, FAILED, "The snapshot cannot be read."),
  UNDO_FAILED(BACKFILL, FAILED, "A partition could not be restored."),
  UNDO_TOO_LATE(BACKFILL, REFUSED, "What the backfill found is not kept any more."),
  VERIFY_FAILED(BACKFILL, FAILED, "What a table should hold could not be computed."),
  VERIFY_SOURCE_TABLE(BACKFILL, REFUSED, "The table is not made from other tables."),
  VERIFY_UNDO(BACKFILL, REFUSED, "The run undoes another one, and has no snapshot of its own."),

  // Publishing to Iceberg readers
  DATA_FILE_DAMAGED(PUBLISHING, FAILED, "A file of a table is missing or damaged."),
  ICEBERG_CATALOG_UNAVAILABLE(PUBLISHING, FAILED, "The Iceberg catalog does not answer."),
  PUBLICATION_FAILED(PUBLISHING, FAILED, "A table could not be published."),
  PUBLICATION_REFUSED(PUBLISHING, FAILED, "Iceberg readers would see other rows than there are."),
  PUBLISHER_RUNNING(PUBLISHING, REFUSED, "A publisher of this lake runs already."),
  SNAPSHOT_INCONSISTENT(PUBLISHING, FAILED, "A snapshot of a table does not agree with its files."),
  TABLE_NOT_PUBLISHABLE(
      PUBLISHING, REFUSED, "A table has something that Iceberg readers cannot read."),

  // Queries and Trino
  QUERY_CANCELLED(QUERIES, FAILED, "The query was cancelled."),
  QUERY_FAILED(QUERIES, FAILED, "The query has failed."),
  QUERY_NAME_UNKNOWN(
      QUERIES, REFUSED, "The query names a schema, table or column that does not exist."),
  QUERY_NOT_ALLOWED(QUERIES, REFUSED, "The user may not do what the query would do."),
  QUERY_PARAMETER_MISSING(QUERIES, REFUSED, "A parameter of the example has no value."),
  QUERY_PARAMETER_UNKNOWN(QUERIES, REFUSED, "The example has no parameter of this name."),
  QUERY_QUEUE_FULL(QUERIES, FAILED, "Too many queries wait already."),
  QUERY_SYNTAX(QUERIES, REFUSED, "The query is not valid SQL."),
  QUERY_TOO_LARGE(
      QUERIES, FAILED, "The query needs more memory or other resources than it may take."),
  QUERY_TOO_LONG(QUERIES, FAILED, "The query has taken longer than it may."),
  QUERY_UNKNOWN(QUERIES, REFUSED, "What was named is no file, no example and no statement."),
  TRINO_ADDRESS_INVALID(QUERIES, REFUSED, "The address of Trino is not valid."),
  TRINO_CATALOG_UNSUPPORTED(
      QUERIES, REFUSED, "Trino of the local stack cannot read an Iceberg catalog of this kind."),
  TRINO_CREDENTIALS_REFUSED(QUERIES, REFUSED, "Trino has refused the user or the password."),
  TRINO_FILES_UNSUPPORTED(
      QUERIES, REFUSED, "Trino of the local stack cannot read a warehouse of this kind."),
  TRINO_JDK_NOT_FOUND(QUERIES, REFUSED, "There is no JDK that Trino can run with."),
  TRINO_JDK_UNUSABLE(QUERIES, REFUSED, "Trino cannot run with the JDK that was named."),
  TRINO_PASSWORD_NEEDS_HTTPS(QUERIES, REFUSED, "A password would be sent without encryption."),
  TRINO_STARTING(QUERIES, FAILED, "Trino is still starting."),
  TRINO_UNREACHABLE(QUERIES, FAILED, "Trino does not answer."),

  // The local stack, the demo and benchmarks
  BACKFILL_ENDED(STACK, FAILED, "The backfill beside a benchmark has ended too early."),
  BENCHMARK_STUCK(STACK, FAILED, "A benchmark comes no further."),
  DATABASE_NOT_INSTALLED(STACK, FAILED, "MariaDB could not be installed."),
  DATABASE_UNAVAILABLE(
      STACK, FAILED, "The database of the simulated order system does not answer."),
  DEMO_UNKNOWN(STACK, REFUSED, "The project does not say what happens in a demo."),
  DISK_ALMOST_FULL(STACK, FAILED, "The disk is almost full."),
  EXPORT_EXISTS(STACK, REFUSED, "The folder of an export is not empty."),
  EXPORT_FAILED(STACK, FAILED, "An export could not be written."),
  LAYERS_INCOMPLETE(STACK, FAILED, "The demo comes no further, and ODS lacks rows."),
  NOT_PUBLISHED(STACK, FAILED, "Not all tables were published in time."),
  SERVER_ENDED(STACK, FAILED, "A server has ended unexpectedly."),
  SERVER_NOT_INSTALLED(STACK, REFUSED, "A server of the local stack is not built."),
  SERVER_NOT_READY(STACK, FAILED, "A server has not answered in time."),
  SERVER_UNKNOWN(STACK, REFUSED, "The local stack has no server of this name."),
  STACK_METASTORE(
      STACK, REFUSED, "The tables in the work directory are those of another kind of metastore."),
  STACK_NOT_READY(STACK, FAILED, "The local stack has not started in time."),
  STACK_NOT_RUNNING(STACK, REFUSED, "No local stack is running."),
  STACK_NOT_STOPPED(STACK, FAILED, "The local stack has not ended in time."),
  STACK_RUNNING(STACK, REFUSED, "A local stack runs already in the work directory."),
  WORKLOAD_DIFFERS(STACK, REFUSED, "The database holds the history of another seed or size."),
  WORK_DIR_UNUSABLE(STACK, REFUSED, "The work directory cannot be used."),

  // What only `lake status` says
  AGES_UNKNOWN(
      HEALTH, FAILED, "The lake clock has not arrived, so nobody knows how late the layers are."),
  CAPTURE_CHANGED(
      HEALTH, FAILED, "Change capture has a configuration that a command gave it for a moment."),
  CAPTURE_LOG_UNREADABLE(HEALTH, FAILED, "The log of change capture cannot be read."),
  CAPTURE_PAUSED(HEALTH, FAILED, "Change capture is paused."),
  CAPTURE_STOPPED(HEALTH, FAILED, "Change capture is stopped."),
  CHANGES_LOST(HEALTH, FAILED, "Change capture has skipped a statement whose changes are missing."),
  COMPACTION_BEHIND(HEALTH, FAILED, "Many files of a table wait for the compaction job."),
  DEAD_LETTERS(HEALTH, FAILED, "Some records could not be used."),
  JOB_ENDED(HEALTH, FAILED, "A job has ended."),
  JOB_FAILING(HEALTH, FAILED, "A job fails again and again, or is being restarted."),
  JOB_MISSING(HEALTH, FAILED, "A job of the configuration does not run."),
  JOB_STANDS_STILL(HEALTH, FAILED, "A job completes no checkpoints."),
  LAKE_UNREADABLE(HEALTH, FAILED, "The lake cannot be read."),
  LAYER_LATE(HEALTH, FAILED, "A layer is later than it may be."),
  PUBLISHER_SILENT(HEALTH, FAILED, "The publisher has not reported for a while."),
  PUBLISHER_UNKNOWN(HEALTH, FAILED, "The report of the publisher cannot be read."),
  REREAD_NOT_OVER(HEALTH, FAILED, "A reading of source tables has begun and not ended."),
  SERVER_DOWN(HEALTH, FAILED, "A server of the local stack does not answer."),
  STACK_STARTING(HEALTH, FAILED, "The local stack is starting."),
  TABLE_WRONG(HEALTH, FAILED, "A table has rows that the source has emptied out.");

  /** What an error is about; the groups of docs/errors.md. */
  public enum Area {
    /** The command and its configuration. */
    COMMAND("The command and its configuration"),
    /** Tables. */
    TABLES("Tables"),
    /** The source, change capture and Kafka. */
    SOURCE("The source, change capture and Kafka"),
    /** Jobs and pipelines. */
    JOBS("Jobs and pipelines"),
    /** Backfills, closed days and schedules. */
    BACKFILL("Backfills, closed days and schedules"),
    /** Publishing to Iceberg readers. */
    PUBLISHING("Publishing to Iceberg readers"),
    /** Queries and Trino. */
    QUERIES("Queries and Trino"),
    /** The local stack, the demo and benchmarks. */
    STACK("The local stack, the demo and benchmarks"),
    /** What only `lake status` says. */
    HEALTH("What only `lake status` says");

    private final String title;

    Area(String title) {
      this.title = title;
    }

    /** The area, as a headline. */
    public String title() {
      return title;
    }
  }

  /** Whether to repeat what ended with an error. One that may be of either kind has failed. */
  public enum Kind {
    /**
     * Something is away, late, full or taken by somebody else: the same command may succeed at
     * another time.
     */
    FAILED(1),
    /**
     * The command, the configuration or what it meets must be changed first: until then the same
     * command ends with the same error.
     */
    REFUSED(3);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }

    /** Exit code of a command that ends with such an error. */
    public int exitCode() {
      return exitCode;
    }
  }

  private final Area area;
  private final Kind kind;
  private final String meaning;

  /**
   * @param meaning one sentence, without values
   */
  ErrorCode(Area area, Kind kind, String meaning) {
    this.area = area;
    this.kind = kind;
    this.meaning = meaning;
  }

  /** What it is about. */
  public Area area() {
    return area;
  }

  /** Whether it is worth repeating. */
  public Kind kind() {
    return kind;
  }

  /** What it means, in one sentence. */
  public String meaning() {
    return meaning;
  }
}
