/**
 * Verifying: a table or a run against its snapshot, or against what its pipelines yield ({@code
 * lake backfill verify}).
 *
 * <p>May not repair.
 */
package io.tidelake.backfill.verify;
