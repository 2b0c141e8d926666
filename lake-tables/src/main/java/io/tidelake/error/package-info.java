/**
 * The one kind of error that users meet: a code, what happened with the values, and what to do
 * next.
 *
 * <p>May not know what failed: every other package makes its own errors of it.
 */
package io.tidelake.error;
