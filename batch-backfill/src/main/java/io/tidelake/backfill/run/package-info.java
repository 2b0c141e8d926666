/**
 * A backfill from its plan to its end: what it would change, the run over all partitions, what
 * follows downstream, resuming and abandoning ({@code lake backfill plan}, {@code run}, {@code
 * resume}).
 *
 * <p>The only package that combines the others of backfill.
 */
package io.tidelake.backfill.run;
