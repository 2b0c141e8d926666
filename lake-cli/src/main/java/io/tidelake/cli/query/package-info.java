/**
 * {@code lake query} and {@code trino}: arguments, the prompt, screens; the work is done in {@code
 * io.tidelake.query}.
 */
package io.tidelake.cli.query;
