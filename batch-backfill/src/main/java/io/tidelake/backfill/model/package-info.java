/**
 * What a backfill is, in plain records: a request, a plan, a run, a receipt, a rejected row, days
 * and counts.
 *
 * <p>May not depend on Flink or Paimon.
 */
package io.tidelake.backfill.model;
