/**
 * Closed days of aggregates: which of them must be computed anew because their inputs changed, and
 * doing it in batch ({@code lake backfill sweep}).
 *
 * <p>May not touch open days, which streams maintain.
 */
package io.tidelake.backfill.closeddays;
