/**
 * Small tools for processes of one machine: a lock that the operating system gives up with the
 * process, scratch folders that survive no crash, free ports, tasks beside the main thread.
 *
 * <p>May not know what runs in them.
 */
package io.tidelake.process;
