/**
 * The root of the {@code lake} command: which commands there are, how errors look, exit codes.
 *
 * <p>No other package may know it.
 */
package io.tidelake.cli;
