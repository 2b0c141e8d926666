/**
 * How results look on a terminal: tables, numbers, days.
 *
 * <p>May not know what is printed.
 */
package io.tidelake.cli.screen;
