/**
 * Child processes: command lines of JVMs, logs, waiting until one is ready, ending it.
 *
 * <p>May not know what runs in them.
 */
package io.tidelake.stack.process;
