/**
 * Commands that run by themselves: cron expressions, missed times, retries, timeouts, the record of
 * runs ({@code lake schedule}).
 *
 * <p>Runs any command and knows none.
 */
package io.tidelake.schedule;
