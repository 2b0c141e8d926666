/**
 * Streaming jobs on a Flink cluster: start, stop, savepoints, healing after failures, the engine
 * that the local stack starts, batch jobs of commands. {@link
 * io.tidelake.streaming.job.StreamingJobs} starts and stops them, {@link
 * io.tidelake.streaming.job.FlinkCluster} is the cluster that they run on, by its REST address
 * ({@code FlinkRest}).
 *
 * <p>May not know a table or pipeline by name: {@code jobs:} of the configuration says what runs.
 */
package io.tidelake.streaming.job;
