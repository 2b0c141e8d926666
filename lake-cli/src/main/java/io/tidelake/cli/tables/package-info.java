/**
 * {@code lake tables …}, {@code maintain} and {@code publish}: arguments and screens; the work is
 * done in {@code io.tidelake.tables} and {@code io.tidelake.publish}.
 */
package io.tidelake.cli.tables;
