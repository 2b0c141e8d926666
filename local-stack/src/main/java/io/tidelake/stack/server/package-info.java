/**
 * One class for each server of the local stack: its configuration, how it is started, when it is
 * ready.
 *
 * <p>A server may not know the others; the stack tells it their addresses.
 */
package io.tidelake.stack.server;
