/**
 * Options that several commands share: which lake, output, rates, waiting, confirmation.
 *
 * <p>May not run anything.
 */
package io.tidelake.cli.option;
