/**
 * What Paimon merges by: a merge function for column groups with the result of Paimon's own partial
 * update at a fraction of its cost, an aggregator for cumulative values, and the change to Paimon's
 * class that picks them.
 *
 * <p>The one place of this module that may use Paimon. Its results are those of {@code
 * io.tidelake.merge.law}, which tests compare.
 */
package io.tidelake.merge.paimon;
