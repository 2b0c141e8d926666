/**
 * {@code lake backfill …}: arguments and screens; the work is done in {@code io.tidelake.backfill}.
 */
package io.tidelake.cli.backfill;
