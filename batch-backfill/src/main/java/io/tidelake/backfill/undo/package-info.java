/**
 * Undoing a run: which value won before it, by the recorded history, and writing that.
 *
 * <p>May not undo what came after the run.
 */
package io.tidelake.backfill.undo;
