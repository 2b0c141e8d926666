/**
 * Keeping tables small: which days, tags, snapshots and files are kept, and removing the others
 * ({@code lake maintain}). Compaction is not here but a streaming job, see {@code
 * io.tidelake.streaming.job}.
 *
 * <p>May not remove anything that a snapshot, a tag or a reader within its time still needs.
 */
package io.tidelake.tables.maintenance;
