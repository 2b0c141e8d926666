/**
 * {@code lake schedule}: arguments, and running commands as processes of their own; times and
 * retries are decided in {@code io.tidelake.schedule}.
 */
package io.tidelake.cli.schedule;
