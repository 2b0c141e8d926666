/**
 * The local stack: every server of a laptop's lake as a child process, their work directory and
 * addresses, and who watches them ({@code lake up}, {@code down}).
 *
 * <p>May not contain what a server of a user's own would need too.
 */
package io.tidelake.stack;
