/**
 * Pipelines: SQL files that fill tables. What they say (which query makes which table, from what,
 * for which days), lineage over all of them, and repairing or reconciling what they made.
 *
 * <p>One text runs in streaming and in batch; here is what both share. May not know clusters or
 * checkpoints; jobs are in {@code streaming.job}.
 */
package io.tidelake.streaming.pipeline;
