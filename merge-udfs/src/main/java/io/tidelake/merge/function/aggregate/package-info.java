/**
 * Functions over several versioned values of one group: the latest, the latest that is there, the
 * preferred one, cumulative totals. {@link io.tidelake.merge.function.aggregate.LatestItem} takes
 * rows back, so a withdrawn item leaves no trace.
 *
 * <p>What wins is the greater version; nothing here may depend on the order of arrival.
 */
package io.tidelake.merge.function.aggregate;
