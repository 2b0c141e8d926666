/**
 * Streaming jobs on a Flink cluster: start, stop, savepoints, healing after failures, the engine
 * that the local stack starts, batch jobs of commands. {@link
 * io.tidelake.streaming.job.StreamingJobs} also builds the compaction job, which compacts every
 * table of the lake with a primary key.
 *
 * <p>May not know a table or pipeline by name: {@code jobs:} of the configuration says what runs.
 */
package io.tidelake.streaming.job;
