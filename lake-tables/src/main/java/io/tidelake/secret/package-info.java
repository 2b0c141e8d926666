/**
 * Secrets: how the configuration refers to them, how no text shows them, and files that only their
 * owner reads.
 *
 * <p>May not read the configuration itself; it is below it.
 */
package io.tidelake.secret;
