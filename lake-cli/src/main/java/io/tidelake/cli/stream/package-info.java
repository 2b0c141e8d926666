/**
 * {@code lake stream …}, {@code sources …} and {@code dead-letters …}: arguments and screens; the
 * work is done in {@code io.tidelake.streaming}.
 */
package io.tidelake.cli.stream;
